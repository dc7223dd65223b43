"""What the tables of kernels.py and layer_kernels.py are made of."""

from dataclasses import dataclass, field

EPSILON = "1.0e-5"
MLIR_TYPE = {"f32": "f32", "bf16": "bf16", "f16": "f16"}
TYPES = list(MLIR_TYPE)


@dataclass
class Case:
    """One thing to compute; every contender that can do it is timed on it."""
    op: str
    type: str
    rows: int = 0
    length: int = 0
    features: int = 0
    dims: tuple = ()
    groups: int = 1
    layout: str = ""

    @property
    def name(self):
        sizes = self.dims or (self.rows, self.length, self.features)
        shape = "x".join(str(size) for size in sizes if size)
        return "_".join(filter(None, [self.op, self.type, shape, self.layout]))

    def initializer(self):
        ops = {"ln": "LayerNorm", "rms": "RMSNorm", "gn": "GroupNorm",
               "bn": "BatchNorm", "softmax": "Softmax",
               "lnres": "ResidualLayerNorm", "simple": "SimpleModel",
               "linear": "Linear", "linearnorm": "LinearNorm",
               "normlinear": "NormLinear", "rmslinear": "RMSLinear",
               "mlp": "MLP", "swiglu": "SwiGLU", "ffn": "FeedForward"}
        batch, channels, height, width = self.dims or (0, 0, 0, 0)
        return (f'{{"{self.name}", Op::{ops[self.op]}, '
                f'Type::{self.type.upper()}, {self.rows}, {self.length}, '
                f'{self.features}, {batch}, {channels}, {height * width}, {self.groups}, '
                f'{str(self.layout == "nhwc").lower()}}}')


@dataclass
class Kernel:
    """One function compiled by normc, and the cases on which it is called."""
    name: str
    source: str
    arguments: list     # (member of Data, its sizes: numbers or C expressions)
    type: str
    cases: list
    contender: str = "norm"
    options: list = field(default_factory=list)

    def dynamic_sizes(self):
        return [size for _, sizes in self.arguments for size in sizes
                if isinstance(size, str)]


def tensor(type, sizes):
    """The MLIR type; a size that is a string is dynamic."""
    return "tensor<" + "".join("?x" if isinstance(size, str) else f"{size}x"
                               for size in sizes) + MLIR_TYPE[type] + ">"


def function(type, arguments, results, body, more={}):
    """The text of a file with one function; {name} in the body is a type."""
    names = {member: tensor(type, sizes) for member, sizes in arguments}
    names.update(more)
    names["result"] = ", ".join(tensor(type, sizes) for sizes in results)
    parameters = ", ".join(f"%{member}: {names[member]}"
                           for member, _ in arguments)
    return (f"func.func @f({parameters}) -> ({names['result']}) {{\n"
            f"{body.format(**names)}}}\n")
