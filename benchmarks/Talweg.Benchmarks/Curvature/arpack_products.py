"""Counts the products that ARPACK asks for: FILE DIMENSION COUNT TOLERANCE, the file a row-major float64 matrix."""
import json
import sys

import numpy
import scipy
from scipy.sparse.linalg import LinearOperator, eigsh

path, n, k, tolerance = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
matrix = numpy.fromfile(path).reshape(n, n)
products = 0


def times(vector):
    global products
    products += 1
    return matrix @ vector


start = numpy.random.default_rng(1).standard_normal(n)
values, vectors = eigsh(LinearOperator((n, n), matvec=times, dtype=float), k=k, which="LA", tol=tolerance, v0=start)
counted = products
residual = max(numpy.linalg.norm(matrix @ vectors[:, i] - values[i] * vectors[:, i]) for i in range(k))
print(json.dumps({"version": f"scipy {scipy.__version__}", "products": counted, "values": sorted(values.tolist(), reverse=True), "residual": residual}))
