using Talweg.Networks.Layers;

namespace Talweg.Networks;

/// <summary>ResNet-50 (He et al., arXiv:1512.03385, Table 1) with the tensors and names of PyTorch's <c>torchvision.models.resnet50</c>.</summary>
/// <remarks>
/// As there, a block's stride is in its 3×3 convolution. For small images the first 7×7 convolution of stride 2 and the pooling behind it become one 3×3
/// convolution of stride 1, as is usual for CIFAR: 32×32 pixels would be 1×1 before the last blocks otherwise.
/// </remarks>
internal static class ResNet50
{
    private const int SmallImage = 64;
    private static readonly int[] Blocks = [3, 4, 6, 3];

    /// <param name="size">Rows and columns of an image of 3 channels.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="name">By which the network is known.</param>
    public static LayeredNetwork Of(int size, int classes, string name)
    {
        var layers = new List<NetworkLayer>
        {
            size <= SmallImage ? Kernel(64, 3, 1, "conv1") : Kernel(64, 7, 2, "conv1"),
            new BatchNormalisation { Name = "bn1" },
            new Activated(Activation.Relu),
        };
        if (size > SmallImage)
            layers.Add(new MaxPooling(3, 2, 1));
        for (int stage = 0; stage < Blocks.Length; stage++)
        {
            for (int block = 0; block < Blocks[stage]; block++)
            {
                layers.Add(Bottleneck(64 << stage, block == 0 && stage > 0 ? 2 : 1, projects: block == 0, $"layer{stage + 1}.{block}"));
                layers.Add(new Activated(Activation.Relu));
            }
        }

        layers.Add(new AveragePooling());
        layers.Add(new Dense(classes, Bias: true) { Name = "fc" });
        return new(new(3, size, size), layers, name);
    }

    private static Residual Bottleneck(int width, int stride, bool projects, string name)
    {
        NetworkLayer[] branch =
        [
            Kernel(width, 1, 1, "conv1"), new BatchNormalisation { Name = "bn1" }, new Activated(Activation.Relu),
            Kernel(width, 3, stride, "conv2"), new BatchNormalisation { Name = "bn2" }, new Activated(Activation.Relu),
            Kernel(4 * width, 1, 1, "conv3"), new BatchNormalisation { Name = "bn3" },
        ];
        NetworkLayer[] shortcut = projects ? [Kernel(4 * width, 1, stride, "downsample.0"), new BatchNormalisation { Name = "downsample.1" }] : [];
        return new(branch, shortcut) { Name = name };
    }

    private static Convolution Kernel(int outputs, int size, int stride, string name) => new(outputs, size, stride, size / 2, Bias: false) { Name = name };
}
