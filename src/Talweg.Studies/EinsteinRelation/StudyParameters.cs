using Talweg.Studies.Running;

namespace Talweg.Studies.EinsteinRelation;

/// <summary>What may be set in the study, and its presets.</summary>
internal static class StudyParameters
{
    public static IReadOnlyList<Parameter> All { get; } = [
        new() { Name = "data", Kind = ParameterKind.Text, Default = "digits", Help = "data set: digits (drawn by Talweg), mnist, fashion-mnist" },
        new() { Name = "network", Kind = ParameterKind.Text, Default = "fc:784-50-50-10", Help = "fully connected network" },
        new() { Name = "layer", Kind = ParameterKind.Integer, Default = "2", Minimum = 1, Help = "layer whose weights are studied, counted from 1" },
        new() { Name = "samples", Kind = ParameterKind.Integer, Default = "2000", Minimum = 10, Help = "M, training samples, from the first on" },
        new() { Name = "batch-size", Kind = ParameterKind.Integer, Default = "50", Minimum = 1, Help = "B, samples a minibatch of SGD" },
        new() { Name = "learning-rate", Kind = ParameterKind.Number, Default = "0.1", Minimum = 1e-9, Help = "α of SGD and of gradient descent" },
        new() { Name = "control-seeds", Kind = ParameterKind.Integer, Default = "1", Minimum = 0, Maximum = 1000, Help = "solutions on which thermal motion is run (FT-20)" },
        new() { Name = "max-epochs", Kind = ParameterKind.Integer, Default = "200", Minimum = 2, Help = "SGD of FT-20 ends here even if the error is not zero" },
        new() { Name = "window-epochs", Kind = ParameterKind.Integer, Default = "20", Minimum = 1, Help = "SGD's window in epochs; it follows zero training error" },
        new() { Name = "directions", Kind = ParameterKind.Integer, Default = "50", Minimum = 3, Help = "K, top eigenvectors of the Hessian in whose span thermal motion takes place" },
        new() { Name = "steps", Kind = ParameterKind.Integer, Default = "40000", Minimum = 100, Maximum = 100_000_000, Help = "steps of thermal motion in the window; half as many before it" },
        new() { Name = "variant-seeds", Kind = ParameterKind.Integer, Default = "3", Minimum = 0, Maximum = 1000, Help = "initial weights from which each variant of the noise starts (FT-21)" },
        new() { Name = "updates", Kind = ParameterKind.Integer, Default = "2000", Minimum = 1, Help = "updates of each variant" },
        new() { Name = "refresh-every", Kind = ParameterKind.Integer, Default = "100", Minimum = 1, Help = "updates from one measurement of SGD's noise to the next" },
        new() { Name = "noise-directions", Kind = ParameterKind.Integer, Default = "20", Minimum = 1, Help = "directions a layer of the noise spread by flatness" },
    ];

    public static IReadOnlyList<Preset> Presets { get; } = [
        new("quick", "2,000 drawn digits, or of MNIST with --data mnist; one thermal control and 3 seeds of each variant: about 3 minutes on 2 cores", new Dictionary<string, string>()),
        new("paper", "MNIST, 5,000 samples, 5 controls of 100,000 steps and 8 seeds of each variant: about an hour on 2 cores", new Dictionary<string, string>
        {
            ["data"] = "mnist",
            ["samples"] = "5000",
            ["control-seeds"] = "5",
            ["steps"] = "100000",
            ["variant-seeds"] = "8",
            ["updates"] = "5000",
        }),
    ];
}
