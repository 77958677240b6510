namespace Talweg.Trajectories;

/// <summary>How principal modes are to be found.</summary>
public sealed record PcaOptions
{
    private const int BytesOfAnElement = 40;   // the matrix, LAPACK's copy and its workspace of two more; measured 32 to 36

    private readonly double _tolerance = 1e-4;
    private readonly int _maxPasses = 24;
    private readonly int? _blockSize;

    /// <summary>By the exact way where its matrix fits in 4 GiB, else by the sketch.</summary>
    public static PcaOptions Default { get; } = new();

    /// <summary>The way to go; null: the exact one while <see cref="Memory"/> allows it.</summary>
    public PcaMethod? Method { get; init; }

    /// <summary>Bytes that an exact diagonalisation may take, about 40 min(T, N)²; beyond, the modes are sketched. 4 GiB: up to 10,362.</summary>
    public long Memory { get; init; } = 4L << 30;

    /// <summary>
    /// Sketch: a mode is found when its residual ‖Ax − σ²x‖ is at most this share of σ²; 1e-4. The error of σ² is of second order in it,
    /// (residual)²/(distance to the nearest other σ²), and never more than the residual.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between 0 and 1.</exception>
    public double Tolerance
    {
        get => _tolerance;
        init => _tolerance = value is > 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The tolerance must lie between 0 and 1.");
    }

    /// <summary>Sketch: at most this many products with the matrix, each a pass over the window; 24.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int MaxPasses
    {
        get => _maxPasses;
        init => _maxPasses = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "There must be at least 1 pass.");
    }

    /// <summary>
    /// Sketch: vectors a pass; null: half the modes wanted and 10 more, so that four passes span twice the modes. More vectors take fewer
    /// passes and more arithmetic.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int? BlockSize
    {
        get => _blockSize;
        init => _blockSize = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A block needs at least 1 vector.");
    }

    /// <summary>Sketch: root of the random start. The same seed gives the same bits.</summary>
    public long Seed { get; init; } = 1;

    internal PcaMethod Choose(IWindow window)
    {
        var exact = window.Iterations < window.Dimension ? PcaMethod.Gram : PcaMethod.Covariance;
        double size = Math.Min(window.Iterations, window.Dimension);
        return Method ?? (BytesOfAnElement * size * size <= Memory ? exact : PcaMethod.Sketch);
    }
}
