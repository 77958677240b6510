using Talweg.Benchmarks.MainJob;
using Talweg.Landscapes;

namespace Talweg.Benchmarks.Curvature;

/// <summary>A product with the middle layer's Hessian, over a gradient's time and against autograd's double backward.</summary>
internal sealed class HessianProduct : IBenchmark
{
    /// <summary>Of the largest number of the product: both sides compute in double precision.</summary>
    private const double Tolerance = 1e-9;

    public string Name => "hessian-product";

    public string Compares => "a product with the middle layer's Hessian, over a gradient's time and against double backward";

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        using var hessian = HessianOperator.Of(workplace.Trained, workplace.Data.Train, MiddleLayer.Space, threads: 1);
        using var torch = new TorchLayerHessian(workplace.Trained, workplace.Data.Train, MiddleLayer.Space.Layers[0]);
        double[] vector = MiddleLayer.Directions(1)[0].ToArray();
        double[] own = new double[vector.Length], other = new double[vector.Length];
        hessian.Apply(vector, own);
        torch.Apply(vector, other);
        double difference = Numbers.DifferenceOverLargest(own, other);
        string note = $"{workplace.Data.Train.Count} samples, in double precision from the layer's inputs on, one thread each";
        var gradient = PairedTimes.Take(workplace.Repeat, _ => Product(), _ => PairedTimes.Seconds(() => torch.Gradient()));
        yield return new(Name, "times a gradient's time", [.. gradient.Ratios.Select(ratio => 1 / ratio)], null)
        {
            Notes = [gradient.Note("a product", 1, "a gradient by TorchSharp's autograd"), note],
        };
        var backward = PairedTimes.Take(workplace.Repeat, _ => Product(), _ => PairedTimes.Seconds(() => torch.Apply(vector, other)));
        yield return new($"{Name}, against double backward", "times as fast", backward.Ratios, null)
        {
            Notes =
            [
                backward.Note("a product", 1, "a second backward pass through the kept graph of the gradient"),
                $"products differ by {Numbers.Text(difference)} of the largest number (allowed {Numbers.Text(Tolerance)})",
            ],
            Differs = !(difference <= Tolerance),
        };

        double Product() => PairedTimes.Seconds(() => hessian.Apply(vector, own));
    }
}
