"""Makes torchscript_model.pt, a TorchScript model unlike Talweg's own networks, and torchscript_model.json with PyTorch's numbers for it.

    python3 tests/Fixtures/torchscript_model.py        # made with PyTorch 1.13

Inputs are x[s, i] = sin(0.37 s + 0.11 i) in single precision, labels s mod 3; the direction moves every weight k of mix.weight, flattened, by
cos(0.7 k) / norm. Losses and slopes are in double precision.
"""
import json
import pathlib

import torch
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.kernel = nn.Conv2d(1, 3, 3, padding=1)
        self.norm = nn.GroupNorm(1, 3)
        self.mix = nn.Linear(3, 3)
        self.out = nn.Linear(12, 3, bias=False)

    def forward(self, x):
        h = self.norm(nn.functional.gelu(self.kernel(x)))
        for _ in range(2):                                  # the same weights twice: the logits are not linear in them
            h = h + torch.sigmoid(self.mix(h.movedim(1, -1))).movedim(-1, 1)
        return self.out(nn.functional.avg_pool2d(h, 2).flatten(1))


torch.manual_seed(1)
script = torch.jit.script(Model().eval())
folder = pathlib.Path(__file__).parent
script.save(str(folder / "torchscript_model.pt"))

model = script.double()
count = 17
inputs = torch.tensor([[torch.sin(torch.tensor(0.37 * s + 0.11 * i, dtype=torch.float64)) for i in range(16)] for s in range(count)])
inputs = inputs.float().double().reshape(count, 1, 4, 4)
labels = torch.arange(count) % 3
weight = dict(model.named_parameters())["mix.weight"]
direction = torch.cos(0.7 * torch.arange(weight.numel(), dtype=torch.float64))
direction = (direction / direction.norm()).reshape(weight.shape)
origin = weight.detach().clone()
points = []
for t in [0.0, -1.5, 0.25, 2.0]:
    with torch.no_grad():
        weight.copy_(origin + t * direction)
    logits = model(inputs)
    loss = nn.functional.cross_entropy(logits, labels)
    (gradient,) = torch.autograd.grad(loss, weight)
    points.append({"displacement": t, "loss": loss.item(), "slope": (gradient * direction).sum().item(), "logits": logits[5].tolist()})
(folder / "torchscript_model.json").write_text(json.dumps({"pytorch": torch.__version__, "samples": count, "points": points}, indent=2) + "\n")
