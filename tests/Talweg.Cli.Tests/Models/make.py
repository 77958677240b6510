# PyTorch 1.13: the small models of the command's tests, for images of 1 x 4 x 4 and 10 classes.
import torch
from torch import nn

torch.manual_seed(1)
image = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.BatchNorm2d(2), nn.SiLU(), nn.Flatten(), nn.Linear(32, 10, bias=False))
row = nn.Sequential(nn.Linear(16, 6, bias=False), nn.ReLU(), nn.Linear(6, 5, bias=False), nn.ReLU(), nn.Linear(5, 10, bias=False))
torch.jit.script(image.eval()).save("image.pt")
torch.jit.script(row.eval()).save("row.pt")
