using Talweg.Studies.Running;

namespace Talweg.Studies.EffectiveDimensions;

/// <summary>What may be set in the study, and its presets.</summary>
internal static class StudyParameters
{
    public static IReadOnlyList<Parameter> All { get; } = [
        new() { Name = "data", Kind = ParameterKind.Text, Default = "digits", Help = "data set: digits (drawn by Talweg), mnist, fashion-mnist" },
        new() { Name = "widths", Kind = ParameterKind.Integers, Default = "20,50,100", Minimum = 2, Maximum = 2000, Help = "W of the networks 784-W-W-10, whose layer 2 is studied" },
        new() { Name = "samples", Kind = ParameterKind.Integer, Default = "10000", Minimum = 0, Help = "training samples, from the first on; 0 for all" },
        new() { Name = "batch-size", Kind = ParameterKind.Integer, Default = "50", Minimum = 1, Help = "B, samples a minibatch" },
        new() { Name = "learning-rate", Kind = ParameterKind.Number, Default = "0.1", Minimum = 1e-9, Help = "α" },
        new() { Name = "seeds", Kind = ParameterKind.Integer, Default = "1", Minimum = 1, Maximum = 1000, Help = "runs of each width, with root seeds 1, 2, …" },
        new() { Name = "max-epochs", Kind = ParameterKind.Integer, Default = "200", Minimum = 2, Help = "training ends here even if the error is not zero" },
        new() { Name = "window-epochs", Kind = ParameterKind.Integer, Default = "10", Minimum = 1, Help = "the window in epochs; it follows zero training error" },
        new() { Name = "record-every", Kind = ParameterKind.Integer, Default = "1", Minimum = 1, Help = "iterations from one recorded to the next; divides those of an epoch" },
        new() { Name = "all-modes", Kind = ParameterKind.Integer, Default = "50", Minimum = 1, Help = "modes of which every one is measured; beyond, ranks are sampled" },
        new() { Name = "sampled-modes", Kind = ParameterKind.Integer, Default = "60", Minimum = 2, Help = "ranks sampled beyond, up to the last mode, and measured for each null surrogate" },
    ];

    public static IReadOnlyList<Preset> Presets { get; } = [
        new("quick", "widths 20, 50 and 100, one seed each, 10,000 drawn digits, or of MNIST with --data mnist", new Dictionary<string, string>()),
        new("paper", "MNIST, widths 20 to 400, 3 seeds each; every fourth iteration is recorded, at most 2 GB of disk a cell", new Dictionary<string, string>
        {
            ["data"] = "mnist",
            ["widths"] = "20,30,50,70,100,150,200,300,400",
            ["samples"] = "0",
            ["seeds"] = "3",
            ["record-every"] = "4",
            ["all-modes"] = "100",
        }),
    ];
}
