using Talweg.Statistics;
using static TorchSharp.torch;

namespace Talweg.Conventions;

/// <summary>Weights for torch's modules that are the same in every run: torch draws them from a generator of the process that nobody seeded.</summary>
internal static class FixedWeights
{
    /// <summary>Fills all parameters, each from a stream of its own name: matrices and kernels within ±1/√(numbers of an output), scales within 1 ± 0.2, biases and shifts within ±0.2.</summary>
    public static T Fixed<T>(this T module, long seed = 1)
        where T : nn.Module
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in module.named_parameters())
        {
            var random = new RandomStream(seed, name);
            bool isVector = parameter.shape.Length < 2;
            double centre = isVector && name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0;
            double bound = isVector ? 0.2 : Math.Sqrt((double)parameter.shape[0] / parameter.numel());
            double[] values = [.. Enumerable.Range(0, (int)parameter.numel()).Select(_ => centre + bound * (2 * random.NextDouble() - 1))];
            parameter.copy_(tensor(values).reshape(parameter.shape));
        }

        return module;
    }
}
