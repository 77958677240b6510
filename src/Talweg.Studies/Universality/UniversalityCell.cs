using System.Globalization;
using System.Text.Json.Serialization;
using Talweg.Studies.Running;

namespace Talweg.Studies.Universality;

/// <summary>One training run of the study and everything that its measurements depend on.</summary>
public sealed record UniversalityCell : ICell
{
    /// <summary>The case's name.</summary>
    public required string Case { get; init; }

    /// <summary>Name of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>As <c>--network</c> takes it.</summary>
    public required string Network { get; init; }

    /// <summary>As <c>--optimizer</c> takes it.</summary>
    public required string Optimizer { get; init; }

    /// <summary>The layers under study, counted from 1.</summary>
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>Training samples used, from the first on; 0 for all.</summary>
    public required int Samples { get; init; }

    /// <summary>Of these, the samples whose mean loss is the landscape, from the first on; 0 for all.</summary>
    public required int LandscapeSamples { get; init; }

    /// <summary>B.</summary>
    public required int BatchSize { get; init; }

    /// <inheritdoc/>
    public required long Seed { get; init; }

    /// <summary>Training ends here at the latest.</summary>
    public required int MaxEpochs { get; init; }

    /// <summary>T in epochs; two windows follow the first epoch of zero training error.</summary>
    public required int WindowEpochs { get; init; }

    /// <summary>The last rank whose mode is measured; the first is 2.</summary>
    public required int Modes { get; init; }

    /// <summary>Modes whose flatness is measured: all up to <see cref="Modes"/>, or so many spread evenly over ln rank.</summary>
    public required int Ranks { get; init; }

    /// <summary>The same for each null surrogate.</summary>
    public required int NullRanks { get; init; }

    /// <summary>Rows of a window that are kept of layers with more weights than this.</summary>
    public required int Rows { get; init; }

    /// <summary>Whether the recorded weights stay on disk; no part of the cell's identity.</summary>
    [JsonIgnore]
    public bool KeepTrajectory { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public string Label => string.Create(CultureInfo.InvariantCulture, $"{Subject}, seed {Seed}");

    /// <summary>What the cell's seeds have in common.</summary>
    [JsonIgnore]
    internal string Subject => $"{Definition.Label} ({Network}, {Data}, {Optimizer})";

    /// <summary>The case.</summary>
    [JsonIgnore]
    internal UniversalityCase Definition => UniversalityCase.All.Single(known => known.Name == Case);
}
