namespace Talweg.Cli.Tests;

/// <summary>Mean cross entropy of fc:16-6-5-10 (ReLU, no biases) in plain double precision, sharing nothing with the library.</summary>
internal sealed class NaiveNetwork(IReadOnlyList<float[]> matrices, double[][] inputs, int[] labels)
{
    /// <summary>The loss with layer 2's weights moved by <paramref name="displacement"/> times <paramref name="direction"/>.</summary>
    public double Loss(double[] direction, double displacement, int? samples = null) =>
        Losses(direction, displacement).Take(samples ?? inputs.Length).Average();

    /// <summary>The same for every sample.</summary>
    public double[] Losses(double[] direction, double displacement)
    {
        double[][] weights = [.. matrices.Select(m => Array.ConvertAll(m, x => (double)x))];
        for (int i = 0; i < direction.Length; i++)
            weights[1][i] += displacement * direction[i];
        return [.. inputs.Zip(labels, (input, label) => Loss(weights, input, label))];
    }

    /// <summary>dℓ/dδθ of every sample, by central differences over a step so short that no unit of these networks switches within it.</summary>
    public double[] Slopes(double[] direction, double displacement)
    {
        const double h = 1e-6;
        return [.. Losses(direction, displacement + h).Zip(Losses(direction, displacement - h), (above, below) => (above - below) / (2 * h))];
    }

    /// <summary>dL/dδθ by a central difference of fourth order.</summary>
    public double Slope(double[] direction, double displacement)
    {
        const double h = 1e-4;
        return (8 * (Loss(direction, displacement + h) - Loss(direction, displacement - h)) - Loss(direction, displacement + 2 * h) + Loss(direction, displacement - 2 * h)) / (12 * h);
    }

    private static double Loss(double[][] weights, double[] input, int label)
    {
        double[] x = input;
        for (int layer = 0; layer < weights.Length; layer++)
        {
            int width = x.Length;
            var z = new double[weights[layer].Length / width];
            for (int o = 0; o < z.Length; o++)
            {
                for (int i = 0; i < width; i++)
                    z[o] += weights[layer][o * width + i] * x[i];
            }

            x = layer + 1 < weights.Length ? [.. z.Select(v => Math.Max(v, 0))] : z;
        }

        double greatest = x.Max();
        return greatest + Math.Log(x.Sum(v => Math.Exp(v - greatest))) - x[label];
    }
}
