using Talweg.Studies.Running;

namespace Talweg.Studies.Forgetting;

/// <summary>Parameters and presets of the study.</summary>
internal static class StudyParameters
{
    public static IReadOnlyList<Parameter> All { get; } =
    [
        new() { Name = "data", Kind = ParameterKind.Text, Default = "digits", Help = "data set: digits (drawn by Talweg), mnist, fashion-mnist" },
        new() { Name = "colour-data", Kind = ParameterKind.Text, Default = "cifar10", Help = "data of the sequence animals-objects, used if it is at hand: cifar10, or none" },
        new() { Name = "tasks", Kind = ParameterKind.Text, Default = "01,23", Help = "the pair of tasks of FT-15 to FT-18: any two groups of classes, as `talweg continual --tasks` takes them" },
        new() { Name = "sequences", Kind = ParameterKind.Text, Default = "halves,five-tasks,animals-objects", Help = "sequences of FT-19: halves, five-tasks, animals-objects, or none" },
        new() { Name = "seeds", Kind = ParameterKind.Integer, Default = "3", Minimum = 1, Maximum = 1000, Help = "seeds of the pair, for each reading of the pretraining" },
        new() { Name = "sequence-seeds", Kind = ParameterKind.Integer, Default = "3", Minimum = 1, Maximum = 1000, Help = "seeds of each sequence" },
        new() { Name = "samples", Kind = ParameterKind.Integer, Default = "30000", Minimum = 0, Help = "training images that tasks are made of, from the first on; 0 for all" },
        new() { Name = "colour-samples", Kind = ParameterKind.Integer, Default = "4000", Minimum = 0, Help = "the same of the data in colour" },
        new() { Name = "validation-share", Kind = ParameterKind.Number, Default = "0.2", Minimum = 0.01, Maximum = 0.9, Help = "share of each task's training images by which λ is chosen" },
        new() { Name = "batch-size", Kind = ParameterKind.Integer, Default = "50", Minimum = 1, Help = "B, samples a minibatch" },
        new() { Name = "learning-rate", Kind = ParameterKind.Number, Default = "0.1", Minimum = 1e-9, Help = "α of the training on all classes together and of the first task" },
        new() { Name = "colour-learning-rate", Kind = ParameterKind.Number, Default = "0.05", Minimum = 1e-9, Help = "α of all tasks of the network on data in colour" },
        new() { Name = "pretraining", Kind = ParameterKind.Text, Default = "both", Choices = ["both", "ten-classes", "own-classes"], Help = "what the pair's network is trained on before its hidden layers are drawn anew: all classes of the data, or the pair's own" },
        new() { Name = "later-learning-rate", Kind = ParameterKind.Number, Default = "0.1", Minimum = 1e-9, Help = "α of later tasks" },
        new() { Name = "stop-errors", Kind = ParameterKind.Numbers, Default = "0.02,0.01", Minimum = 0, Maximum = 1, Help = "stops of the last task: where its test error first falls to so much; not of data in colour" },
        new() { Name = "stop-epochs", Kind = ParameterKind.Numbers, Default = "0.5,1,5,20", Minimum = 1e-3, Maximum = 1e5, Help = "stops of the last task in epochs" },
        new() { Name = "slow-learning-rate", Kind = ParameterKind.Number, Default = "0.001", Minimum = 1e-9, Help = "α of later tasks whose constraints are followed by explicit steps" },
        new() { Name = "slow-epochs", Kind = ParameterKind.Numbers, Default = "20,50", Minimum = 1e-3, Maximum = 1e5, Help = "stops of the last task in epochs there" },
        new() { Name = "epochs", Kind = ParameterKind.Integer, Default = "20", Minimum = 2, Help = "epochs on the first task" },
        new() { Name = "window-epochs", Kind = ParameterKind.Integer, Default = "10", Minimum = 1, Help = "T in epochs: the last so many of a task's give its modes" },
        new() { Name = "pretraining-epochs", Kind = ParameterKind.Integer, Default = "30", Minimum = 1, Help = "epochs on all classes together at most, before the hidden layers are drawn anew" },
        new() { Name = "modes", Kind = ParameterKind.Integer, Default = "200", Minimum = 1, Help = "N_c" },
        new() { Name = "lambda", Kind = ParameterKind.Number, Default = "10", Minimum = 1e-12, Help = "λ of FT-15 and FT-18, the papers'" },
        new() { Name = "grid", Kind = ParameterKind.Integer, Default = "7", Minimum = 2, Maximum = 1000, Help = "λs of every method of the pair, over six decades" },
        new() { Name = "sequence-grid", Kind = ParameterKind.Integer, Default = "5", Minimum = 2, Maximum = 1000, Help = "λs of every method of a sequence, over six decades" },
        new() { Name = "counts", Kind = ParameterKind.Integers, Default = "10,20,50,100,200,400,700,1000", Minimum = 1, Help = "N_c that are tried (FT-17), besides all modes there are" },
    ];

    public static IReadOnlyList<Preset> Presets { get; } =
    [
        new("quick", "30,000 drawn digits, or of MNIST with --data mnist, and 4,000 images of CIFAR-10 if at hand; 3 seeds of the pair for each reading of the pretraining, 3 of each sequence: 10 minutes on 2 cores", new Dictionary<string, string>()),
        new("paper", "all of MNIST and CIFAR-10, 50 epochs on the first task, 5 seeds, 13 λs everywhere: hours on 2 cores, not yet run as a whole", new Dictionary<string, string>
        {
            ["data"] = "mnist",
            ["samples"] = "0",
            ["colour-samples"] = "0",
            ["seeds"] = "5",
            ["sequence-seeds"] = "5",
            ["grid"] = "13",
            ["sequence-grid"] = "13",
            ["epochs"] = "50",
        }),
    ];
}
