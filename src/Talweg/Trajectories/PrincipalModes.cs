using System.Runtime.InteropServices;
using Talweg.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Talweg.Trajectories;

/// <summary>The principal modes of a window: the orthogonal directions along which the weights vary, in the order of their variance.</summary>
/// <remarks>
/// σᵢ² pᵢ = C pᵢ with C = (1/T) Σₜ (w(t) − ⟨w⟩)(w(t) − ⟨w⟩)ᵀ: Feng and Tu, PNAS 118, e2015617118 (2021), Eq. 5 and Fig. 1.
/// Computed in double precision, since spectra span more decades than single precision holds. The sign of pᵢ makes its largest
/// component positive. Modes are indexed from 0 here, so the paper's mode 1 is index 0. Torch's thread count is used as it is:
/// set one thread (<c>torch.set_num_threads(1)</c>) where several cells run side by side.
/// </remarks>
public sealed record PrincipalModes
{
    private const int ModesAtOnce = 512;
    private const long MostNumbers = int.MaxValue / sizeof(double);

    /// <summary>
    /// σᵢ², descending, in squared weights: population variances over the window. All min(T, N) of them, negative roundoff set to 0; or those of
    /// the <see cref="Count"/> directions where the modes were sketched.
    /// </summary>
    public required double[] Variances { get; init; }

    /// <summary>pᵢ as rows, [<see cref="Count"/>, N], orthonormal.</summary>
    public required double[] Directions { get; init; }

    /// <summary>
    /// Directions kept: those asked for, except that modes whose variance is roundoff (at most min(T, N) · 2.2e-16 · σ₁²) have none.
    /// </summary>
    public required int Count { get; init; }

    /// <summary>⟨w⟩ over the window, [N].</summary>
    public required double[] Mean { get; init; }

    /// <summary>Which way was taken.</summary>
    public required PcaMethod Method { get; init; }

    /// <summary>Σᵢ σᵢ² over all modes, those without a direction included: exact whichever way was taken.</summary>
    public required double TotalVariance { get; init; }

    /// <summary>Cost and measured error of a sketch; null where a matrix was diagonalised, which errs by roundoff.</summary>
    public required PcaSketch? Sketch { get; init; }

    /// <summary>N, the number of weights.</summary>
    public int Dimension => Mean.Length;

    /// <summary>‖⟨w⟩‖.</summary>
    public double MeanNorm => Math.Sqrt(Mean.Sum(w => w * w));

    /// <summary>pᵢ [N] of the mode with index <paramref name="mode"/>, from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no direction of that index.</exception>
    public ReadOnlySpan<double> Direction(int mode)
    {
        RequireModes(mode, 1);
        return Directions.AsSpan(mode * Dimension, Dimension);
    }

    /// <summary>Finds the modes of a window: by the cheaper of the covariance [N, N] and the Gram matrix [T, T], or by a sketch where those are too large.</summary>
    /// <remarks>
    /// Memory: about 40 min(T, N)² bytes where a matrix is diagonalised; 16 bytes × min(T, N) × vectors spanned (some two to four times the modes)
    /// where it is sketched; the directions, and blocks of the window of 64 MiB, or 256 MiB where it lies on disk. The window is never held.
    /// </remarks>
    /// <param name="window">At least 2 iterations.</param>
    /// <param name="count">Directions to keep, at least 1; all where null. All variances are returned in any case, but from a sketch these only.</param>
    /// <param name="options">Which way, and how well; <see cref="PcaOptions.Default"/> where null.</param>
    /// <exception cref="InputException">The window has one iteration only, or a weight is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1, or count · N exceeds 2²⁸.</exception>
    /// <exception cref="ArgumentException">The modes would be sketched, but no count was given.</exception>
    public static PrincipalModes Of(IWindow window, int? count = null, PcaOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentOutOfRangeException.ThrowIfLessThan(count ?? 1, 1, nameof(count));
        CentredWindow.RequireMotion(window);
        options ??= PcaOptions.Default;
        var method = options.Choose(window);
        if (method == PcaMethod.Sketch && count is null)
        {
            throw new ArgumentException(
                $"The window has {window.Iterations} iterations of {window.Dimension} weights: its modes are sketched, so say how many are wanted, or allow more memory.", nameof(count));
        }
        int wanted = count ?? window.Dimension;
        RequireRoom(window, wanted);
        double[] mean = CentredWindow.Mean(window);
        return method == PcaMethod.Sketch ? Sketched(window, mean, wanted, options) : Diagonalised(window, mean, wanted, method);
    }

    private static PrincipalModes Diagonalised(IWindow window, double[] mean, int wanted, PcaMethod method)
    {
        var (variances, directions) = PrincipalComponents.Exact(method, window, mean, found => [.. Enumerable.Range(0, Math.Min(wanted, found))]);
        return new()
        {
            Variances = variances,
            Directions = directions,
            Count = directions.Length / window.Dimension,
            Mean = mean,
            Method = method,
            TotalVariance = variances.Sum(),
            Sketch = null,
        };
    }

    private static PrincipalModes Sketched(IWindow window, double[] mean, int wanted, PcaOptions options)
    {
        var (variances, directions, total, sketch) = PrincipalComponents.BySketch(window, mean, wanted, options);
        return new()
        {
            Variances = variances,
            Directions = directions,
            Count = variances.Length,
            Mean = mean,
            Method = PcaMethod.Sketch,
            TotalVariance = total,
            Sketch = sketch,
        };
    }

    private static void RequireRoom(IWindow window, int count)
    {
        long kept = Math.Min(count, Math.Min(window.Iterations, window.Dimension));
        if (kept * window.Dimension > MostNumbers)
        {
            throw new ArgumentOutOfRangeException(nameof(count),
                $"{kept} directions of {window.Dimension} weights are too many to hold; ask for at most {MostNumbers / window.Dimension}.");
        }
    }

    /// <summary>θ(t) = (w(t) − ⟨w⟩)·p along one mode, [T]; ⟨w⟩ is <see cref="Mean"/>, also for another window.</summary>
    /// <inheritdoc cref="Projections(IWindow, int, int)"/>
    public double[] Projections(IWindow window, int mode) =>
        MemoryMarshal.CreateReadOnlySpan(ref Projections(window, mode, 1)[0, 0], window.Iterations).ToArray();

    /// <summary>θᵢ(t) = (w(t) − ⟨w⟩)·pᵢ along consecutive modes, [count, T]; ⟨w⟩ is <see cref="Mean"/>, also for another window.</summary>
    /// <exception cref="ArgumentException">The window has another number of weights.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no directions of these indices.</exception>
    public double[,] Projections(IWindow window, int firstMode, int count)
    {
        RequireModes(firstMode, count);
        RequireDimension(window);
        double[,] projections = new double[count, window.Iterations];
        using var scope = NewDisposeScope();
        var directions = DirectionsTensor(firstMode, count);
        new CentredWindow(window, Mean).ByRows((rows, first) =>
        {
            var block = MemoryMarshal.Cast<byte, double>(directions.matmul(rows.t()).contiguous().bytes);
            int length = (int)rows.size(0);
            for (int i = 0; i < count; i++)
                block.Slice(i * length, length).CopyTo(MemoryMarshal.CreateSpan(ref projections[i, first], length));
        });
        return projections;
    }

    /// <summary>Variances of another window along these directions, about that window's own mean, [<see cref="Count"/>]: the held-out spectrum.</summary>
    /// <exception cref="ArgumentException">The window has another number of weights.</exception>
    /// <exception cref="InputException">A weight is not finite.</exception>
    public double[] VariancesIn(IWindow other)
    {
        RequireDimension(other);
        var centred = new CentredWindow(other, CentredWindow.Mean(other));
        double[] variances = new double[Count];
        for (int first = 0; first < Count; first += ModesAtOnce)
        {
            using var scope = NewDisposeScope();
            int modes = Math.Min(ModesAtOnce, Count - first);
            var directions = DirectionsTensor(first, modes);
            var squares = zeros(modes, ScalarType.Float64);
            centred.ByRows((rows, _) => squares.add_(directions.matmul(rows.t()).pow(HeldScalar.Two).sum(1), HeldScalar.One));
            using var iterations = other.Iterations.ToScalar();
            squares.div_(iterations).data<double>().ToArray().CopyTo(variances, first);
        }
        return variances;
    }

    private Tensor DirectionsTensor(int first, int count)
    {
        var directions = empty(count, Dimension, ScalarType.Float64);
        Directions.AsSpan(first * Dimension, count * Dimension).CopyTo(MemoryMarshal.Cast<byte, double>(directions.bytes));
        return directions;
    }

    private void RequireModes(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (first > Count - count)
        {
            throw new ArgumentOutOfRangeException(nameof(first),
                $"Modes {first} to {first + count - 1} were asked for, but {Count} have directions, counted from 0.");
        }
    }

    private void RequireDimension(IWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        if (window.Dimension != Dimension)
            throw new ArgumentException($"The window has {window.Dimension} weights, but the modes were found for {Dimension}.", nameof(window));
    }
}
