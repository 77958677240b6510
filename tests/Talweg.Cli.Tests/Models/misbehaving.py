# PyTorch 1.13: models that the command's tests expect it to warn of or to refuse, for images of 1 x 4 x 4 and 10 classes.
import torch
from torch import nn


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.last = nn.Linear(16, 10)

    def forward(self, x):
        h = self.last(x.flatten(1))
        return h, h.mean()


class Dropped(nn.Module):
    def __init__(self):
        super().__init__()
        self.last = nn.Linear(16, 10)

    def forward(self, x):
        return self.last(nn.functional.dropout(x.flatten(1), 0.5))


torch.manual_seed(1)
torch.jit.script(nn.Sequential(nn.Flatten(), nn.Linear(16, 10), nn.Softmax(1))).save("softmax.pt")
torch.jit.script(Pair()).save("tuple.pt")
torch.jit.script(Dropped().eval()).save("dropout.pt")
