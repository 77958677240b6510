using Talweg.Studies.Running;

namespace Talweg.Studies.Universality;

/// <summary>What may be set in the study, and its presets.</summary>
internal static class StudyParameters
{
    public static IReadOnlyList<Parameter> All { get; } = [
        new() { Name = "data", Kind = ParameterKind.Text, Default = "digits", Help = "data set of 28 × 28: digits (drawn by Talweg), mnist, fashion-mnist" },
        new() { Name = "colour-data", Kind = ParameterKind.Text, Default = "cifar10", Help = "data set of 3 × 32 × 32 for lenet-cifar, taken where it is at hand; none for none" },
        new() { Name = "cases", Kind = ParameterKind.Text, Default = string.Join(",", UniversalityCase.All.Select(known => known.Name)), Help = "cases, separated by commas" },
        new() { Name = "samples", Kind = ParameterKind.Integer, Default = "10000", Minimum = 0, Help = "training samples of fully connected networks, from the first on; 0 for all" },
        new() { Name = "image-samples", Kind = ParameterKind.Integer, Default = "5000", Minimum = 0, Help = "training samples of convolutional networks; 0 for all" },
        new() { Name = "landscape-samples", Kind = ParameterKind.Integer, Default = "1000", Minimum = 0, Help = "samples whose mean loss is a convolutional network's landscape; 0 for all it is trained on" },
        new() { Name = "batch-size", Kind = ParameterKind.Integer, Default = "50", Minimum = 1, Help = "B, samples a minibatch" },
        new() { Name = "seeds", Kind = ParameterKind.Integer, Default = "1", Minimum = 1, Maximum = 1000, Help = "runs of each case, with root seeds 1, 2, …" },
        new() { Name = "max-epochs", Kind = ParameterKind.Integer, Default = "200", Minimum = 2, Help = "training ends here even if the error is not zero" },
        new() { Name = "window-epochs", Kind = ParameterKind.Integer, Default = "10", Minimum = 1, Help = "T in epochs; two windows follow zero training error, the second to hold out" },
        new() { Name = "modes", Kind = ParameterKind.Integer, Default = "200", Minimum = 12, Maximum = 10_000, Help = "the last rank whose mode is measured, where the layer has so many; the first is 2" },
        new() { Name = "image-ranks", Kind = ParameterKind.Integer, Default = "30", Minimum = 10, Help = "modes of a convolutional network's layer whose flatness is measured, spread evenly over ln rank" },
        new() { Name = "null-ranks", Kind = ParameterKind.Integer, Default = "10", Minimum = 10, Help = "modes of each null surrogate whose flatness is measured" },
        new() { Name = "rows", Kind = ParameterKind.Integer, Default = "2500", Minimum = 20, Help = "of layers with more weights than this, as many rows of a window are kept, evenly spaced" },
        new() { Name = "keep-trajectory", Kind = ParameterKind.Flag, Default = "false", Help = "keep the recorded weights, up to 5 GB a cell" },
    ];

    public static IReadOnlyList<Preset> Presets { get; } = [
        new("quick", "one seed on drawn digits, or on MNIST with --data mnist; subsets of the samples", new Dictionary<string, string>()),
        new("paper", "MNIST and CIFAR-10, all samples, 3 seeds: days on 2 cores, the convolutions most of it", new Dictionary<string, string>
        {
            ["data"] = "mnist",
            ["samples"] = "0",
            ["image-samples"] = "0",
            ["landscape-samples"] = "10000",
            ["seeds"] = "3",
            ["max-epochs"] = "400",
            ["image-ranks"] = "60",
            ["null-ranks"] = "20",
        }),
    ];
}
