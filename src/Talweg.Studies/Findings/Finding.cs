namespace Talweg.Studies.Findings;

/// <summary>A claim, its published value, what was measured, and the verdict that follows from these.</summary>
public sealed record Finding
{
    /// <summary>The claim's id: "FT-8".</summary>
    public required string Id { get; init; }

    /// <summary>The claim in one sentence.</summary>
    public required string Claim { get; init; }

    /// <summary>How the numbers were computed, so that another could.</summary>
    public required string Estimator { get; init; }

    /// <summary>What the paper reports, in words.</summary>
    public required string Published { get; init; }

    /// <summary>The paper's number, where there is one.</summary>
    public double? PublishedValue { get; init; }

    /// <summary>The conditions; the claim needs all of them.</summary>
    public required IReadOnlyList<Measurement> Measurements { get; init; }

    /// <summary>Whether the measurements are one condition under several settings, each to be held against the nulls by itself.</summary>
    public bool Settings { get; init; }

    /// <summary>Whether the data were drawn by Talweg: then the verdict says nothing about the paper's.</summary>
    public bool Demonstration { get; init; }

    /// <summary>Remarks for the reader, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The verdict, computed from the measurements alone.</summary>
    public Verdict Verdict => Judgement.Of(Measurements, Settings).Verdict;

    /// <summary>What the data say at every stop, where measurements have them; the claim as a whole holds only if it does at every one.</summary>
    public IReadOnlyList<StopVerdict> Stops => StopVerdict.Of(Measurements);

    /// <summary>Why the verdict is what it is: how far the claim holds, where measurements have stops; empty where it holds.</summary>
    public string Reason => Stops is { Count: > 0 } stops && Verdict != Verdict.Holds ? StopVerdict.Text(stops) : Judgement.Of(Measurements, Settings).Reason;

    /// <summary>The verdict in words: "holds", "undecided (the null gives it too)", "demonstration: holds".</summary>
    public string VerdictText
    {
        get
        {
            string word = Verdict.ToString().ToLowerInvariant();
            string text = Reason.Length == 0 ? word : $"{word} ({Reason})";
            return Demonstration ? $"demonstration: {text}" : text;
        }
    }
}
