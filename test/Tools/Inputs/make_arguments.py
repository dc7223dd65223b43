"""Writes the .npy files of norm-run.test into a folder, without numpy."""
import os
import struct
import sys


def write(name, shape, values, type="f"):
    descr = {"f": "<f4", "q": "<i8"}[type]
    header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': %r, }" % (shape,)
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(os.path.join(sys.argv[1], name), "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        file.write(struct.pack("<%d%s" % (len(values), type), *values))


# Rows of root mean square 3 and 1.
write("x.npy", (2, 4), [3, -3, 3, -3, 0, 0, 0, 2])
write("g.npy", (4,), [1, 1, 1, 1])
write("square.npy", (4, 4), [1] * 16)
# Scalars.
write("three.npy", (), [3], "q")
write("minus.npy", (), [-1], "q")
write("most.npy", (), [2**63 - 1], "q")
write("least.npy", (), [-2**63], "q")
