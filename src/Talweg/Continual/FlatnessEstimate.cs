namespace Talweg.Continual;

/// <summary>Flatness estimated from variances by the inverse variance–flatness relation.</summary>
public static class FlatnessEstimate
{
    /// <summary>Fᵢ = (σ²ᵢ/c)^(−1/ψ), with c such that the geometric mean over the modes is that of the measured flatness, or 1 where nothing was measured.</summary>
    /// <remarks>
    /// Feng and Tu 2021, Eq. 8 and SI section S7. Without that c, λ would mean something else for every ψ. Modes whose measured side is open are left out of both means; they have an estimate all
    /// the same.
    /// </remarks>
    /// <param name="variances">σ²ᵢ, positive.</param>
    /// <param name="psi">ψ, positive.</param>
    /// <param name="measured">Fᵢ, as many, null for an open side; null where nothing was measured.</param>
    /// <exception cref="ArgumentException">A variance is not positive, numbers differ, or no mode at all has a measured flatness.</exception>
    public static IReadOnlyList<double?> FromVariances(ReadOnlySpan<double> variances, double psi, IReadOnlyList<double?>? measured = null)
    {
        if (!(psi > 0 && double.IsFinite(psi)))
            throw new ArgumentOutOfRangeException(nameof(psi), psi, "ψ must be a positive number.");
        if (measured is not null && measured.Count != variances.Length)
            throw new ArgumentException($"There are {variances.Length} variances, but {measured.Count} values of flatness.", nameof(measured));
        double[] logs = new double[variances.Length];
        for (int i = 0; i < logs.Length; i++)
            logs[i] = variances[i] > 0 ? -Math.Log(variances[i]) / psi : throw new ArgumentException($"Variances must be positive, but that of mode {i + 1} is {variances[i]}.", nameof(variances));
        int[] known = [.. Enumerable.Range(0, logs.Length).Where(i => measured is null || measured[i] is not null)];
        if (known.Length == 0)
            throw new ArgumentException("No mode has a measured flatness to match: all sides are open.", nameof(measured));
        double shift = known.Average(i => (measured is null ? 0 : Math.Log(measured[i]!.Value)) - logs[i]);
        return [.. logs.Select(log => (double?)Math.Exp(log + shift))];
    }
}
