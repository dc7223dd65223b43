"""Writes the files that bad-files.test feeds to the tools into a folder."""
import os
import random
import sys

folder = sys.argv[1]


def write(name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


random.seed(1)
write("garbage.mlir", bytes(random.randrange(256) for _ in range(3000)))
write("latin1.mlir", "// \u00e9\n".encode("latin-1"))
write("good.mlir", b"""func.func @f(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %y = norm.layer_norm %x axes [1] : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}
""")
