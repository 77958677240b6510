namespace Talweg.Studies.Findings;

/// <summary>What a claim is worth as evidence: which null surrogates, data without structure of the claimed kind, give it too. Computed from their values, intervals and the bands alone.</summary>
/// <remarks>
/// A surrogate shares a claim if its values lie in the bands, and is told apart from it if its own interval lies outside. Of a claim that needs several measurements a surrogate must give all, so that
/// one which lies outside tells it apart; of measurements that are settings of one condition it shares the claim if it gives any, and must lie outside all. What is neither is not told apart: an interval that
/// reaches in, a null known from one draw, one that is undefined in any cell.
/// </remarks>
/// <param name="SharedWith">Surrogates that give the claim.</param>
/// <param name="NotToldApartFrom">Surrogates that may.</param>
/// <param name="DistinctFrom">Surrogates that do not.</param>
public sealed record Evidence(IReadOnlyList<string> SharedWith, IReadOnlyList<string> NotToldApartFrom, IReadOnlyList<string> DistinctFrom)
{
    private enum Standing
    {
        Shared,
        NotToldApart,
        Distinct,
    }

    /// <summary>One word: "distinct" only if every surrogate is told apart, "shared", "not told apart", or "none" where there are no surrogates.</summary>
    public string Word =>
        SharedWith.Count > 0 ? "shared"
        : NotToldApartFrom.Count > 0 ? "not told apart"
        : DistinctFrom.Count > 0 ? "distinct" : "none";

    /// <summary>What sharing the claim with these surrogates means, in words; empty where it is shared with none.</summary>
    public string Meaning =>
        SharedWith.Any(name => name is SurrogateNames.IsotropicWalk or SurrogateNames.EpochBalancedWalk) ? "an artefact of the analysis"
        : SharedWith.Contains(SurrogateNames.ShuffledSteps) ? "does not depend on the order of steps within an epoch" : "";

    /// <summary>"distinct from the nulls", "shared with shuffled steps; not told apart from isotropic walk"; empty where there are no surrogates.</summary>
    /// <param name="withMeaning">Whether what sharing means stands beside it.</param>
    public string Text(bool withMeaning = false)
    {
        if (Word is "none" or "distinct")
            return Word == "none" ? "" : "distinct from the nulls";
        string shared = $"{Names("shared with", SharedWith)}{(withMeaning && Meaning.Length > 0 ? $" ({Meaning})" : "")}";
        return string.Join("; ", ((string[])[shared, Names("not told apart from", NotToldApartFrom)]).Where(text => text.Length > 0));
    }

    /// <summary>Weighs <paramref name="measurements"/>.</summary>
    /// <param name="measurements">A finding's measurements with their nulls.</param>
    /// <param name="settings">Whether they are one condition measured under several settings.</param>
    public static Evidence Of(IReadOnlyList<Measurement> measurements, bool settings = false)
    {
        ArgumentNullException.ThrowIfNull(measurements);
        var standings = measurements.SelectMany(measurement => measurement.Nulls.Select(value => (measurement.Band, Null: value)))
            .GroupBy(made => made.Null.Surrogate).ToLookup(made => settings ? OfSettings([.. made]) : OfConditions([.. made]), made => made.Key);
        return new([.. standings[Standing.Shared]], [.. standings[Standing.NotToldApart]], [.. standings[Standing.Distinct]]);
    }

    private static Standing OfConditions((Band Band, NullValue Null)[] made) =>
        made.Any(one => double.IsNaN(one.Null.Value)) ? Standing.NotToldApart
        : made.Any(one => one.Null.IsApartFrom(one.Band)) ? Standing.Distinct
        : made.All(one => one.Null.Gives(one.Band)) ? Standing.Shared : Standing.NotToldApart;

    private static Standing OfSettings((Band Band, NullValue Null)[] made) =>
        made.Any(one => one.Null.Gives(one.Band)) ? Standing.Shared
        : made.All(one => one.Null.IsApartFrom(one.Band)) ? Standing.Distinct : Standing.NotToldApart;

    private static string Names(string what, IReadOnlyList<string> names) => names.Count switch
    {
        0 => "",
        1 => $"{what} {names[0]}",
        _ => $"{what} {string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}",
    };
}
