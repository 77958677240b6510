using Talweg.Landscapes;
using Talweg.Statistics;

namespace Talweg.Studies.FlatnessAndHessian;

/// <summary>Directions chosen by the Hessian's eigenvalues, of all of which the spectrum is known, descending.</summary>
internal static class SpectralDirections
{
    /// <summary>The eigenvectors of the smallest eigenvalues, from the most negative on, [count, N].</summary>
    public static double[] Bottom(Eigenpairs spectrum, int count)
    {
        int dimension = spectrum.Values.Length;
        return [.. Enumerable.Range(1, count).SelectMany(i => spectrum.Vector(dimension - i).ToArray())];
    }

    /// <summary>Random orthonormal directions within the span of eigenvalues of at most <paramref name="vanishing"/> in magnitude, as many as that span has room for; none where there is none.</summary>
    public static double[] Vanishing(Eigenpairs spectrum, double vanishing, int count, RandomStream random)
    {
        int dimension = spectrum.Values.Length;
        int[] flat = [.. Enumerable.Range(0, dimension).Where(i => Math.Abs(spectrum.Values[i]) <= vanishing)];
        double[] rows = [.. flat.SelectMany(i => spectrum.Vector(i).ToArray())];
        return flat.Length == 0 ? [] : RandomDirections.InSpan(rows, dimension, Math.Min(count, flat.Length), random);
    }
}
