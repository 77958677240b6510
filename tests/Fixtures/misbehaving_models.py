"""Makes the small TorchScript files that Talweg must refuse, convert or read as one parameter, for samples of 4 numbers and 3 classes.

    python3 tests/Fixtures/misbehaving_models.py        # made with PyTorch 1.13
"""
import pathlib

import torch
from torch import nn
import torch.nn.utils.prune

FOLDER = pathlib.Path(__file__).parent / "Misbehaving"
EXAMPLE = torch.rand(1, 4)


class Tied(nn.Module):
    """x W^T W^T with one W under two names; the last column is cut off, which leaves three classes."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 4, bias=False)
        self.second = nn.Linear(4, 4, bias=False)
        self.second.weight = self.first.weight

    def forward(self, x):
        return self.second(self.first(x))[:, :3]


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.last = nn.Linear(4, 3)

    def forward(self, x):
        h = self.last(x)
        return h, h.mean()


class Reshaped(nn.Module):
    """Traced, the number of samples becomes a constant."""

    def __init__(self):
        super().__init__()
        self.last = nn.Linear(4, 3)

    def forward(self, x):
        return self.last(x.reshape(int(x.shape[0]), 4))


class Dropped(nn.Module):
    """Dropout whatever the mode: training=True is the function's default."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 8)
        self.last = nn.Linear(8, 3)

    def forward(self, x):
        return self.last(nn.functional.dropout(torch.relu(self.first(x)), 0.5))


torch.manual_seed(1)
FOLDER.mkdir(exist_ok=True)
normalised = lambda **options: nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5, **options), nn.Linear(5, 3))
models = {
    "tied": torch.jit.script(Tied()),
    "tuple": torch.jit.script(Pair()),
    "batch-of-one": torch.jit.trace(Reshaped().eval(), EXAMPLE, check_trace=False),
    "functional-dropout": torch.jit.script(Dropped().eval()),
    "traced-in-training": torch.jit.trace(normalised().train(), torch.rand(8, 4), check_trace=False),
    "traced-in-evaluation": torch.jit.trace(normalised().eval(), torch.rand(8, 4), check_trace=False),
    "constants": torch.jit.freeze(torch.jit.script(Reshaped().eval())),
    "half": torch.jit.script(nn.Sequential(nn.Linear(4, 3)).half()),
    "double": torch.jit.script(nn.Sequential(nn.Linear(4, 3)).double()),
    "weight-norm": torch.jit.trace(nn.Sequential(nn.utils.weight_norm(nn.Linear(4, 5)), nn.Linear(5, 3)), EXAMPLE),
    "pruned": torch.jit.trace(nn.Sequential(nn.utils.prune.l1_unstructured(nn.Linear(4, 3), "weight", 0.5)), EXAMPLE),
    "spectral-norm": torch.jit.trace(nn.Sequential(nn.utils.spectral_norm(nn.Linear(4, 3))).eval(), EXAMPLE),
    "parametrised": torch.jit.trace(nn.Sequential(nn.utils.parametrizations.orthogonal(nn.Linear(4, 3))), EXAMPLE),
    "softmax": torch.jit.script(nn.Sequential(nn.Linear(4, 3), nn.Softmax(1))),
}
for name, model in models.items():
    model.save(str(FOLDER / f"{name}.pt"))
