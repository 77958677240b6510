using Talweg.Studies.Running;

namespace Talweg.Studies.FlatnessAndHessian;

/// <summary>What may be set in the study, and its presets.</summary>
internal static class StudyParameters
{
    public static IReadOnlyList<Parameter> All { get; } = [
        new() { Name = "data", Kind = ParameterKind.Text, Default = "digits", Help = "data set: digits (drawn by Talweg), mnist, fashion-mnist" },
        new() { Name = "network", Kind = ParameterKind.Text, Default = "fc:784-50-50-10", Help = "fully connected network; it is trained with ReLU and with tanh" },
        new() { Name = "layer", Kind = ParameterKind.Integer, Default = "2", Minimum = 1, Help = "layer whose weights are studied, counted from 1; up to 8192 weights" },
        new() { Name = "samples", Kind = ParameterKind.Integer, Default = "10000", Minimum = 0, Help = "M, training samples, from the first on; 0 for all" },
        new() { Name = "batch-size", Kind = ParameterKind.Integer, Default = "50", Minimum = 1, Help = "B, samples a minibatch" },
        new() { Name = "learning-rate", Kind = ParameterKind.Number, Default = "0.1", Minimum = 1e-9, Help = "α" },
        new() { Name = "seeds", Kind = ParameterKind.Integer, Default = "3", Minimum = 0, Maximum = 1000, Help = "networks with ReLU, as the paper's" },
        new() { Name = "tanh-seeds", Kind = ParameterKind.Integer, Default = "3", Minimum = 0, Maximum = 1000, Help = "networks with tanh, whose layers have negative curvature" },
        new() { Name = "max-epochs", Kind = ParameterKind.Integer, Default = "200", Minimum = 2, Help = "training ends here even if the error is not zero" },
        new() { Name = "window-epochs", Kind = ParameterKind.Integer, Default = "20", Minimum = 1, Help = "window of the principal modes in epochs; it follows zero training error" },
        new() { Name = "modes", Kind = ParameterKind.Integer, Default = "0", Minimum = 0, Help = "principal modes that are measured; 0 for all" },
        new() { Name = "eigenpairs", Kind = ParameterKind.Integer, Default = "50", Minimum = 1, Help = "eigenvectors of the Hessian from either end" },
        new() { Name = "random-directions", Kind = ParameterKind.Integer, Default = "50", Minimum = 1, Help = "random directions, and as many within the span of vanishing curvature" },
    ];

    public static IReadOnlyList<Preset> Presets { get; } = [
        new("quick", "10,000 drawn digits, or of MNIST with --data mnist; 3 seeds with ReLU and with tanh, all modes: about 10 minutes on 2 cores", new Dictionary<string, string>()),
        new("paper", "MNIST, all samples, 5 seeds with ReLU and with tanh, all modes: about 2 hours on 2 cores (estimated, not yet run)", new Dictionary<string, string>
        {
            ["data"] = "mnist",
            ["samples"] = "0",
            ["seeds"] = "5",
            ["tanh-seeds"] = "5",
            ["window-epochs"] = "10",
        }),
    ];
}
