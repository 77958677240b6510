namespace Talweg.Training;

/// <summary>The optimizers by their names in text, with their settings and defaults.</summary>
internal static class OptimizerKinds
{
    private static readonly Setting<Optimizer>[] Common =
    [
        new("lr", NumberRange.Positive, o => o.LearningRate, (o, x) => o with { LearningRate = x }),
        new("weight-decay", NumberRange.NotNegative, o => o.WeightDecay, (o, x) => o with { WeightDecay = x }),
    ];

    public static readonly SettingsText<Optimizer> Text = new("--optimizer",
    [
        new("sgd", new Sgd(), [.. Common,
            Setting<Optimizer>.Of<Sgd>("momentum", NumberRange.BelowOne, o => o.Momentum, (o, x) => o with { Momentum = x }),
            Setting<Optimizer>.Flag<Sgd>("nesterov", o => o.Nesterov, (o, x) => o with { Nesterov = x })], "sgd:lr=0.1"),
        new("adam", new Adam(), [.. Common,
            Setting<Optimizer>.Of<Adam>("beta1", NumberRange.BelowOne, o => o.Beta1, (o, x) => o with { Beta1 = x }),
            Setting<Optimizer>.Of<Adam>("beta2", NumberRange.BelowOne, o => o.Beta2, (o, x) => o with { Beta2 = x }),
            Setting<Optimizer>.Of<Adam>("eps", NumberRange.Positive, o => o.Epsilon, (o, x) => o with { Epsilon = x })], "adam:lr=0.001"),
        new("adamw", new AdamW(), [.. Common,
            Setting<Optimizer>.Of<AdamW>("beta1", NumberRange.BelowOne, o => o.Beta1, (o, x) => o with { Beta1 = x }),
            Setting<Optimizer>.Of<AdamW>("beta2", NumberRange.BelowOne, o => o.Beta2, (o, x) => o with { Beta2 = x }),
            Setting<Optimizer>.Of<AdamW>("eps", NumberRange.Positive, o => o.Epsilon, (o, x) => o with { Epsilon = x })], "adamw:lr=0.001"),
        new("adagrad", new Adagrad(), [.. Common,
            Setting<Optimizer>.Of<Adagrad>("eps", NumberRange.Positive, o => o.Epsilon, (o, x) => o with { Epsilon = x })], "adagrad:lr=0.01"),
        new("rmsprop", new RmsProp(), [.. Common,
            Setting<Optimizer>.Of<RmsProp>("alpha", NumberRange.BelowOne, o => o.Alpha, (o, x) => o with { Alpha = x }),
            Setting<Optimizer>.Of<RmsProp>("eps", NumberRange.Positive, o => o.Epsilon, (o, x) => o with { Epsilon = x }),
            Setting<Optimizer>.Of<RmsProp>("momentum", NumberRange.BelowOne, o => o.Momentum, (o, x) => o with { Momentum = x }),
            Setting<Optimizer>.Flag<RmsProp>("centered", o => o.Centered, (o, x) => o with { Centered = x })], "rmsprop:lr=0.01"),
        new("gd", new GradientDescent(), Common, "gd:lr=0.1"),
        new("entropy-sgd", new EntropySgd(), [.. Common,
            Setting<Optimizer>.Of<EntropySgd>("steps", NumberRange.Count, o => o.Steps, (o, x) => o with { Steps = (int)x }),
            Setting<Optimizer>.Of<EntropySgd>("gamma", NumberRange.NotNegative, o => o.Gamma, (o, x) => o with { Gamma = x }),
            Setting<Optimizer>.Of<EntropySgd>("scoping", NumberRange.NotNegative, o => o.Scoping, (o, x) => o with { Scoping = x }),
            Setting<Optimizer>.Of<EntropySgd>("noise", NumberRange.NotNegative, o => o.Noise, (o, x) => o with { Noise = x }),
            Setting<Optimizer>.Of<EntropySgd>("inner-lr", NumberRange.Positive, o => o.InnerRate, (o, x) => o with { InnerRate = x }),
            Setting<Optimizer>.Of<EntropySgd>("average", NumberRange.BelowOne, o => o.Average, (o, x) => o with { Average = x })],
            "entropy-sgd:lr=1,steps=20,gamma=0.0001,noise=0.0001"),
    ]);
}
