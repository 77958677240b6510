namespace Talweg.Statistics;

/// <summary>The bootstrap of a hinge: its residuals are drawn anew with their correlation, and every resample is fitted.</summary>
internal sealed class HingeBootstrap
{
    private const int FittedNumbers = 4;
    private const int PilotResamples = 100;
    private readonly double[] _x, _fitted;
    private readonly HingeGrid _grid;
    private readonly ChangePoint _fit;
    private readonly double[] _residuals;
    private readonly ColouredResiduals _noise;
    private readonly int _blockLength;

    public HingeBootstrap(double[] x, double[] y, int? blockLength)
    {
        _x = x;
        _grid = new(x);
        _fit = ChangePoint.Of(_grid, x, y);
        _fitted = Array.ConvertAll(x, _fit.At);
        _residuals = [.. y.Zip(_fitted, (measured, curve) => measured - curve)];
        _blockLength = blockLength ?? Math.Min((int)Math.Ceiling(Math.Cbrt(x.Length)), x.Length / 8);
        _noise = new(_residuals, FittedNumbers, _blockLength);
    }

    public ChangePointEstimate Run(RandomStream random, int resamples)
    {
        double correlation = Correlation(random);
        double[] locations = new double[resamples], lefts = new double[resamples], rights = new double[resamples], ratios = new double[resamples];
        for (int i = 0; i < resamples; i++)
        {
            var hinge = _grid.Fit(Resample(_noise, _noise.LikelyCorrelation(correlation, random), random));
            (locations[i], lefts[i], rights[i], ratios[i]) = (hinge.Location, hinge.Left, hinge.Right, hinge.Right / hinge.Left);
        }
        string over = $"{_x.Length} points in blocks of {_blockLength}";
        return new()
        {
            Fit = _fit,
            Location = new(_fit.Location, Confidence.Expanded(locations, _noise.DegreesOfFreedom), over),
            LeftSlope = new(_fit.LeftSlope, Confidence.Expanded(lefts, _noise.DegreesOfFreedom), over),
            RightSlope = new(_fit.RightSlope, Confidence.Expanded(rights, _noise.DegreesOfFreedom), over),
            SlopeRatio = new(_fit.SlopeRatio, Confidence.Expanded(ratios, _noise.DegreesOfFreedom), over),
            Correlation = correlation,
            BlockLength = _blockLength,
        };
    }

    /// <summary>ρ, less the bias that the fits of some resamples show: the hinge moves after correlated noise, and takes correlation away.</summary>
    /// <remarks>Shocks are drawn one by one here: in blocks they would bring the correlation along that the first ρ has left in them.</remarks>
    private double Correlation(RandomStream random)
    {
        var noise = new ColouredResiduals(_residuals, FittedNumbers, blockLength: 1);
        double first = ColouredResiduals.LagCorrelation(_residuals, FittedNumbers), again = 0;
        for (int i = 0; i < PilotResamples; i++)
        {
            double[] resample = Resample(noise, first, random);
            var hinge = _grid.Fit(resample);
            double[] left = [.. _x.Zip(resample, (at, value) => value - hinge.At(at))];
            again += ColouredResiduals.LagCorrelation(left, FittedNumbers) / PilotResamples;
        }
        return ColouredResiduals.Bounded(first - (again - first));
    }

    private double[] Resample(ColouredResiduals noise, double correlation, RandomStream random) =>
        [.. _fitted.Zip(noise.Draw(correlation, random), (curve, residual) => curve + residual)];
}
