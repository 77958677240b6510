"""Times scikit-learn's full PCA of raw float32 numbers, one fit a line of standard input: FILE ROWS COLUMNS VARIANCES."""
import json
import sys
import time

import numpy
import sklearn
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_info

path, rows, columns, variances = sys.argv[1], *map(int, sys.argv[2:])
data = numpy.fromfile(path, dtype=numpy.float32).reshape(rows, columns).astype(numpy.float64)
blas = [f"{pool['internal_api']} {pool['version']}, {pool['num_threads']} threads" for pool in threadpool_info() if pool["user_api"] == "blas"]
print(f"scikit-learn {sklearn.__version__}, {'; '.join(sorted(set(blas))) or 'a BLAS that threadpoolctl does not know'}", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    fit = PCA(svd_solver="full").fit(data)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "variances": fit.explained_variance_[:variances].tolist()}), flush=True)
