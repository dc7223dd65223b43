"""Workers compute what one call computes, bit for bit, however few rows there are:
columns of layers, parts of one long row.

  worker_bits.py CPU..."""
import sys

from kernels import Library

GRAPHS = """
func.func @columns(%x: tensor<?x96xE>, %g: tensor<96xE>, %w: tensor<1500x96xE>, %b: tensor<1500xE>) -> tensor<?x1500xE> {
  %n = norm.layer_norm %x scale %g axes [1] : (tensor<?x96xE>, tensor<96xE>) -> tensor<?x96xE>
  %l = norm.linear %n weight %w bias %b : (tensor<?x96xE>, tensor<1500x96xE>, tensor<1500xE>) -> tensor<?x1500xE>
  %y = norm.activation gelu_erf %l : (tensor<?x1500xE>) -> tensor<?x1500xE>
  return %y : tensor<?x1500xE>
}
func.func @hidden(%x: tensor<?x96xE>, %w: tensor<1500x96xE>, %v: tensor<96x1500xE>) -> tensor<?x96xE> {
  %h = norm.linear %x weight %w : (tensor<?x96xE>, tensor<1500x96xE>) -> tensor<?x1500xE>
  %n = norm.rms_norm %h axes [1] : (tensor<?x1500xE>) -> tensor<?x1500xE>
  %l = norm.linear %n weight %v : (tensor<?x1500xE>, tensor<96x1500xE>) -> tensor<?x96xE>
  %y = arith.addf %x, %l : tensor<?x96xE>
  return %y : tensor<?x96xE>
}
func.func @long_row(%x: tensor<1x200003xE>, %g: tensor<200003xE>) -> tensor<1x200003xE> {
  %y = norm.layer_norm %x scale %g axes [1] : (tensor<1x200003xE>, tensor<200003xE>) -> tensor<1x200003xE>
  return %y : tensor<1x200003xE>
}
func.func @few_rows(%x: tensor<?x30001xE>) -> tensor<?x30001xE> {
  %y = norm.rms_norm %x axes [1] : (tensor<?x30001xE>) -> tensor<?x30001xE>
  return %y : tensor<?x30001xE>
}
"""

for cpu in sys.argv[1:]:
    for element in ["f32", "bf16"]:
        library = Library(GRAPHS.replace("xE>", "x%s>" % element), "--mcpu=" + cpu)
        for name in library.functions:
            for rows in [1] if name == "long_row" else [1, 2, 3, 40]:
                taken = library.pack(name, library.random_arguments(name, rows))
                expected = library.compute(name, taken, rows)
                for workers in range(1, 9):
                    results = library.compute(name, taken, rows, entry="_parallel", workers=workers)
                    if results != expected:
                        raise SystemExit("%s, %s: %d rows of @%s by %d workers differ" % (
                            cpu, element, rows, name, workers))
