using Talweg.Studies.Running;

namespace Talweg.Studies.InverseVarianceFlatness;

/// <summary>What may be set in the study, and its presets.</summary>
internal static class StudyParameters
{
    public static IReadOnlyList<Parameter> All { get; } = [
        new() { Name = "data", Kind = ParameterKind.Text, Default = "digits", Help = "data set: digits (drawn by Talweg), mnist, fashion-mnist" },
        new() { Name = "network", Kind = ParameterKind.Text, Default = "fc:784-50-50-10", Help = "fully connected network" },
        new() { Name = "layer", Kind = ParameterKind.Integer, Default = "2", Minimum = 1, Help = "layer whose weights are studied, counted from 1" },
        new() { Name = "samples", Kind = ParameterKind.Integer, Default = "0", Minimum = 0, Help = "training samples, from the first on; 0 for all" },
        new() { Name = "batch-sizes", Kind = ParameterKind.Integers, Default = "50", Minimum = 1, Maximum = int.MaxValue, Help = "B, samples a minibatch" },
        new() { Name = "learning-rates", Kind = ParameterKind.Numbers, Default = "0.1", Minimum = 1e-9, Help = "α" },
        new() { Name = "seeds", Kind = ParameterKind.Integer, Default = "1", Minimum = 1, Maximum = 1000, Help = "runs of each setting, with root seeds 1, 2, …" },
        new() { Name = "max-epochs", Kind = ParameterKind.Integer, Default = "200", Minimum = 2, Help = "training ends here even if the error is not zero" },
        new() { Name = "window-epochs", Kind = ParameterKind.Integer, Default = "10", Minimum = 1, Help = "T in epochs; three windows follow zero training error" },
        new() { Name = "modes", Kind = ParameterKind.Integer, Default = "400", Minimum = 1, Help = "modes whose flatness is measured" },
        new() { Name = "null-modes", Kind = ParameterKind.Integer, Default = "40", Minimum = 10, Help = "modes of each null surrogate whose flatness is measured" },
        new() { Name = "margin-samples", Kind = ParameterKind.Integer, Default = "1000", Minimum = 1, Help = "samples whose margins are followed along mode 1" },
        new() { Name = "variants", Kind = ParameterKind.Flag, Default = "false", Help = "also cells with standardised inputs and with replacement (TW-4, TW-5)" },
        new() { Name = "keep-trajectory", Kind = ParameterKind.Flag, Default = "false", Help = "keep the recorded weights, some 360 MB a cell" },
    ];

    public static IReadOnlyList<Preset> Presets { get; } = [
        new("quick", "one cell on drawn digits, or on MNIST with --data mnist: about 2 minutes on 2 cores", new Dictionary<string, string>()),
        new("paper", "MNIST, B in 25, 50, 100, 200 and α in 0.05, 0.1, 0.2, 3 seeds each, and the variants: about 1.5 hours on 2 cores", new Dictionary<string, string>
        {
            ["data"] = "mnist",
            ["batch-sizes"] = "25,50,100,200",
            ["learning-rates"] = "0.05,0.1,0.2",
            ["seeds"] = "3",
            ["max-epochs"] = "600",
            ["modes"] = "1000",
            ["variants"] = "true",
        }),
    ];
}
