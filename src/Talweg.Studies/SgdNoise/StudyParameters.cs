using Talweg.Studies.Running;

namespace Talweg.Studies.SgdNoise;

/// <summary>What may be set in the study, and its presets.</summary>
internal static class StudyParameters
{
    public static IReadOnlyList<Parameter> All { get; } = [
        new() { Name = "data", Kind = ParameterKind.Text, Default = "digits", Help = "data set: digits (drawn by Talweg), mnist, fashion-mnist" },
        new() { Name = "network", Kind = ParameterKind.Text, Default = "fc:784-50-50-10", Help = "fully connected network along whose modes ensembles are measured" },
        new() { Name = "layer", Kind = ParameterKind.Integer, Default = "2", Minimum = 1, Help = "its layer under study, counted from 1" },
        new() { Name = "samples", Kind = ParameterKind.Integer, Default = "0", Minimum = 0, Help = "training samples, from the first on; 0 for all" },
        new() { Name = "batch-size", Kind = ParameterKind.Integer, Default = "50", Minimum = 1, Help = "B, samples a minibatch" },
        new() { Name = "learning-rate", Kind = ParameterKind.Number, Default = "0.1", Minimum = 1e-9, Help = "α" },
        new() { Name = "seeds", Kind = ParameterKind.Integer, Default = "1", Minimum = 1, Maximum = 1000, Help = "runs of each part, with root seeds 1, 2, …" },
        new() { Name = "max-epochs", Kind = ParameterKind.Integer, Default = "200", Minimum = 2, Help = "training ends here even if the error is not zero" },
        new() { Name = "window-epochs", Kind = ParameterKind.Integer, Default = "10", Minimum = 1, Help = "T in epochs; windows follow zero training error" },
        new() { Name = "windows", Kind = ParameterKind.Integer, Default = "3", Minimum = 3, Maximum = 100, Help = "windows, over which exponents in time are taken" },
        new() { Name = "modes", Kind = ParameterKind.Integer, Default = "200", Minimum = 20, Maximum = 10_000, Help = "modes that are measured" },
        new() { Name = "few-modes", Kind = ParameterKind.Integer, Default = "40", Minimum = 10, Help = "modes measured outside the middle window, and for each null surrogate" },
        new() { Name = "times", Kind = ParameterKind.Integer, Default = "40", Minimum = 10, Maximum = 1000, Help = "times of training, over ln update and again over epochs, at which temperatures and signals are measured" },
        new() { Name = "theory-network", Kind = ParameterKind.Text, Default = "fc:784-20-20-10", Help = "network small enough for minibatch Hessians; its layer 2 is studied" },
        new() { Name = "theory-samples", Kind = ParameterKind.Integer, Default = "10000", Minimum = 100, Help = "training samples that it learns, so few that it can learn them all" },
        new() { Name = "theory-modes", Kind = ParameterKind.Integer, Default = "30", Minimum = 8, Maximum = 64, Help = "its modes, whose mixed derivatives are measured" },
        new() { Name = "layers-network", Kind = ParameterKind.Text, Default = "fc:784-100-100-100-100-10", Help = "network whose layers' signals are followed, with ReLU and with tanh" },
        new() { Name = "layers-epochs", Kind = ParameterKind.Integer, Default = "100", Minimum = 1, Help = "epochs that it is trained" },
    ];

    public static IReadOnlyList<Preset> Presets { get; } = [
        new("quick", "one run of each part on drawn digits, or on MNIST with --data mnist", new Dictionary<string, string>()),
        new("paper", "MNIST, 3 seeds of each part, six windows, and layers 784 wide", new Dictionary<string, string>
        {
            ["data"] = "mnist",
            ["seeds"] = "3",
            ["max-epochs"] = "600",
            ["windows"] = "6",
            ["times"] = "60",
            ["layers-network"] = "fc:784-784-784-784-784-10",
            ["layers-epochs"] = "200",
        }),
    ];
}
