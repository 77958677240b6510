namespace Talweg.Studies.Findings;

/// <summary>A claim, its published value, what was measured, and what follows from these: a verdict, and what it is worth as evidence.</summary>
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

    /// <summary>Whether the claim is reproduced, computed from intervals and bands alone.</summary>
    public Verdict Verdict => Judgement.Of(Measurements).Verdict;

    /// <summary>Whether what holds or fails rests on the spread within one run, which is not that between runs.</summary>
    public bool WithinOneRun => Judgement.Of(Measurements).WithinOneRun;

    /// <summary>Which null surrogates give the claim too; the verdict knows nothing of them.</summary>
    public Evidence Evidence => Evidence.Of(Measurements, Settings);

    /// <summary>What the data say at every stop, where measurements have them; the claim as a whole holds only if it does at every one.</summary>
    public IReadOnlyList<StopVerdict> Stops => StopVerdict.Of(Measurements);

    /// <summary>Why the verdict is what it is: how far the claim holds, where measurements have stops; empty where it holds.</summary>
    public string Reason => Stops is { Count: > 0 } stops && Verdict != Verdict.Holds ? StopVerdict.Text(stops) : Judgement.Of(Measurements).Reason;

    /// <summary>The verdict's word: "holds", or "holds within one run".</summary>
    public string VerdictWord => $"{Verdict.ToString().ToLowerInvariant()}{(WithinOneRun ? " within one run" : "")}";

    /// <summary>The evidence in words, with what it means for a claim that does not fail: "shared with isotropic walk (an artefact of the analysis)"; empty without nulls.</summary>
    public string EvidenceText => Evidence.Text(withMeaning: Verdict != Verdict.Fails);

    /// <summary>Verdict and evidence in one line: "holds; distinct from the nulls", "undecided (no interval for ψ)", "demonstration: holds within one run".</summary>
    public string VerdictText
    {
        get
        {
            string verdict = Reason.Length == 0 ? VerdictWord : $"{VerdictWord} ({Reason})";
            string text = EvidenceText.Length == 0 ? verdict : $"{verdict}; {EvidenceText}";
            return Demonstration ? $"demonstration: {text}" : text;
        }
    }
}
