using Talweg.Benchmarks.MainJob;
using Talweg.Landscapes;

namespace Talweg.Benchmarks.Curvature;

/// <summary>The 50 largest eigenpairs of the middle layer's Hessian by Lanczos, against power iteration with deflation to the same residual.</summary>
/// <remarks>
/// Power iteration is stopped at eight times Lanczos's products: its ratio is then a lower bound, and the table says how many pairs it had. One run of each
/// whatever <c>--repeat</c> says, since products are the same every time and the longer side takes minutes.
/// </remarks>
internal sealed class LanczosAgainstPowerIteration : IBenchmark
{
    private const int Count = 50;

    /// <summary>Power iteration gives up after so many times the products that Lanczos took.</summary>
    private const int Cap = 8;

    private const int TorchProducts = 20;

    private const double Tolerance = 1e-8;

    public string Name => "lanczos";

    public string Compares => $"the {Count} largest eigenpairs of the middle layer's Hessian, against power iteration with deflation";

    private static Bar Needed => Bar.AtLeast(5);

    public IEnumerable<Measurement> Run(Workplace workplace)
    {
        using var hessian = HessianOperator.Of(workplace.Trained, workplace.Data.Train, MiddleLayer.Space, threads: 1);
        Eigenpairs own = null!;
        double ownSeconds = PairedTimes.Seconds(() => own = Lanczos.Top(hessian, Count, new() { Tolerance = Tolerance }));
        double residual = own.Residuals.Max();
        Workplace.Say($"  Lanczos: {own.Products} products in {Numbers.Duration(ownSeconds)}");
        PowerIteration power = null!;
        double powerSeconds = PairedTimes.Seconds(() => power = PowerIteration.Run(hessian, Count, residual, Cap * own.Products));
        bool stopped = power.Values.Count < Count;
        double difference = power.Values.Count == 0 ? 0 : Numbers.RelativeDifference(power.Values, own.Values[..power.Values.Count]);
        string pairs = stopped ? $"stopped after {power.Products} products with {power.Values.Count} of {Count} pairs: a lower bound" : $"{power.Products} products";
        string bound = stopped ? "times as fast, at least" : "times as fast";
        yield return new(Name, bound, [powerSeconds / ownSeconds], Needed)
        {
            Notes =
            [
                $"{own.Products} products in {Numbers.Duration(ownSeconds)} ({own.Ending}), against {pairs} in {Numbers.Duration(powerSeconds)}; the same products, one thread",
                $"to a residual of {Numbers.Text(residual)}, λ from {Numbers.Text(own.Values[0])} to {Numbers.Text(own.Values[^1])}; power iteration's λ differ by {Numbers.Text(difference)} at most, relative",
            ],
            // Not more than copies in another order: power iteration may find a pair before a larger one that its start hardly contained.
            Differs = !(difference <= 1e-3),
        };
        double torchSeconds = TorchProductSeconds(workplace);
        yield return new($"{Name}, against double backward", bound, [torchSeconds * power.Products / ownSeconds], Needed)
        {
            Notes = [$"power iteration with products by TorchSharp's double backward of {Numbers.Duration(torchSeconds)} each (mean of {TorchProducts}), times the products above; the projections are not counted"],
        };
    }

    private static double TorchProductSeconds(Workplace workplace)
    {
        using var torch = new TorchLayerHessian(workplace.Trained, workplace.Data.Train, MiddleLayer.Space.Layers[0]);
        double[] vector = MiddleLayer.Directions(1)[0].ToArray(), product = new double[vector.Length];
        torch.Apply(vector, product);
        return PairedTimes.Seconds(() =>
        {
            for (int i = 0; i < TorchProducts; i++)
                torch.Apply(vector, product);
        }) / TorchProducts;
    }
}
