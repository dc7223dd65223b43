"""The bits of a row of a result depend on that row of the arguments alone: not on
how many rows there are, where it is among them, or what the others hold."""
import math
import sys

from rows import SIZES, encode, evaluate, random_row, tensor

LAYER_NORM = """
func.func @f(%x: {rows}, %r: {rows}, %g: {row}, %b: {row}) -> ({rows}, {rows}, {scalars}, {scalars}) {{
  %sum = arith.addf %x, %r : {rows}
  %y, %mean, %rstd = norm.layer_norm %sum scale %g shift %b axes [1] : ({rows}, {row}, {row}) -> ({rows}, {scalars}, {scalars})
  return %y, %sum, %mean, %rstd : {rows}, {rows}, {scalars}, {scalars}
}}"""
PLAIN = """
func.func @f(%x: {rows}, %r: {rows}, %g: {row}, %b: {row}) -> ({rows}) {{
  %y = norm.layer_norm %x scale %g shift %b axes [1] : ({rows}, {row}, {row}) -> {rows}
  return %y : {rows}
}}"""
RMS_NORM = """
func.func @f(%x: {rows}, %r: {rows}, %g: {row}, %b: {row}) -> ({rows}) {{
  %y = norm.rms_norm %x scale %g axes [1] : ({rows}, {row}) -> {rows}
  return %y : {rows}
}}"""
SOFTMAX = """
func.func @f(%x: {rows}, %r: {rows}, %g: {row}, %b: {row}) -> ({rows}) {{
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : {rows}
  %e = tensor.empty(%n) : {rows}
  %y = norm.generic ins(%x : {rows}) outs(%e : {rows}) iterators [parallel, reduction]
      maps [(r, i) -> (r, i), (r, i) -> (r, i)] {{
  ^bb0(%v: f32):
    %max = norm.reduce max %v over [1] : f32
    %shifted = arith.subf %v, %max : f32
    %exp = math.exp %shifted : f32
    %sum = norm.reduce add %exp over [1] : f32
    %o = arith.divf %exp, %sum : f32
    norm.yield %o : f32
  }}
  return %y : {rows}
}}"""
# The last of the counts is that of the rows that all others are taken from.
COUNTS = [1, 2, 5, 9, 17, 33]


class Case:
    """A program on rows of one length."""

    def __init__(self, source, length, element, dynamic, cpu):
        names = [None, None if dynamic else length]
        self.program = source.format(
            rows=tensor(names, element), row=tensor(names[1:], element),
            scalars=tensor([None], "f64" if element == "f64" else "f32"))
        self.length, self.element = length, element
        self.options = ["--mcpu=" + cpu]
        self.widths = [length * SIZES[element]]
        if source is LAYER_NORM:
            statistic = 8 if element == "f64" else 4
            self.widths += [length * SIZES[element], statistic, statistic]
        self.x = [random_row(length, element, i, mean=(0, 3, 1000)[i % 3]) for i in range(COUNTS[-1])]
        self.r = [random_row(length, element, 100 + i) for i in range(COUNTS[-1])]
        self.g, self.b = random_row(length, element, 200), random_row(length, element, 201)

    def run(self, x, r):
        """The rows of the results, each as the bytes of all results."""
        shape = (len(x), self.length)
        results = evaluate(self.program, [
            (shape, self.element, b"".join(x)), (shape, self.element, b"".join(r)),
            (shape[1:], self.element, self.g), (shape[1:], self.element, self.b)],
            len(self.widths), self.options)
        return [tuple(result[i * width:(i + 1) * width] for result, width in zip(results, self.widths))
                for i in range(len(x))]

    def expect(self, same, what):
        if not same:
            raise SystemExit("%s\n%s: rows of %d: %s" % (
                self.program, " ".join(self.options), self.length, what))

    def check_counts(self):
        number = COUNTS[-1]
        self.rows = self.run(self.x, self.r)
        for count in COUNTS[:-1]:
            # Other rows in other places each time.
            order = [(i * 5 + count) % number for i in range(count)]
            rows = self.run([self.x[i] for i in order], [self.r[i] for i in order])
            for place, i in enumerate(order):
                self.expect(rows[place] == self.rows[i],
                            "row %d differs as row %d of %d" % (i, place, count))

    def check_bad_rows(self):
        """Rows of infinities, NaN, huge and tiny values beside the others."""
        x = list(self.x)
        large = 1e4 if self.element == "f16" else 1e30
        bad = {2: [math.nan], 7: [math.inf], 8: [1.0, -math.inf], 19: [large, -large / 2],
               20: [1e-30, 2e-30], 27: [5.0], 32: [math.nan, 1.0]}
        for i, pattern in bad.items():
            x[i] = encode((pattern * self.length)[:self.length], self.element)
        rows = self.run(x, self.r)
        for i in range(COUNTS[-1]):
            if i not in bad:
                self.expect(rows[i] == self.rows[i], "row %d differs beside others" % i)

    def check_many(self, count):
        """So many rows that stores bypass the caches."""
        number = COUNTS[-1]
        rows = self.run((self.x * (count // number + 1))[:count], (self.r * (count // number + 1))[:count])
        for i, row in enumerate(rows):
            self.expect(row == self.rows[i % number], "row %d of %d differs" % (i, count))


# The lengths are of all plans: rows in groups and in registers, skewed by one and
# by two rows, row by row.
CASES = [
    (PLAIN, 64, "f32", False), (PLAIN, 100, "bf16", False), (LAYER_NORM, 768, "f32", False),
    (PLAIN, 768, "bf16", False), (LAYER_NORM, 300, "f16", True), (RMS_NORM, 1000, "bf16", True),
    (PLAIN, 3073, "f32", False), (SOFTMAX, 129, "f32", False),
    # Rows in the lanes of a vector, the rest of them one by one; none of these
    # lengths has an exact reciprocal.
    (PLAIN, 6, "f32", False), (LAYER_NORM, 5, "f32", False), (LAYER_NORM, 7, "f16", False),
    # Of a length known at run time only.
    (LAYER_NORM, 64, "f32", True), (PLAIN, 50, "bf16", True), (RMS_NORM, 16, "f16", True)]
for number, (source, length, element, dynamic) in enumerate(CASES):
    # On the first CPU all of them, on the others some.
    for cpu in sys.argv[1:] if number % 3 == 0 else sys.argv[1:2]:
        case = Case(source, length, element, dynamic, cpu)
        case.check_counts()
        if source is not SOFTMAX:
            case.check_bad_rows()
        if length == 768 and element == "f32":
            case.check_many(2001)
