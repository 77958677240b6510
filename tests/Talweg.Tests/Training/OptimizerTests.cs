using Talweg.Statistics;
using Talweg.Tests.Networks;
using Talweg.Training;
using Talweg.Training.Updates;

namespace Talweg.Tests.Training;

/// <summary>Fifty steps of every optimizer, against its textbook update written weight by weight in double precision.</summary>
/// <remarks>TorchSharp's own optimizers let scalars go while they are read, so their numbers are not taken here but once, by the program in <see cref="TorchSteps"/>.</remarks>
public sealed class OptimizerTests
{
    private const int Steps = 50;

    /// <summary>Each with its settings moved off their defaults.</summary>
    public static TheoryData<string> All =>
    [
        "sgd:lr=0.05", "sgd:lr=0.05,momentum=0.9", "sgd:lr=0.05,momentum=0.8,nesterov,weight-decay=0.01",
        "adam:lr=0.05", "adam:lr=0.02,beta1=0.8,beta2=0.95,eps=0.001,weight-decay=0.1", "adamw:lr=0.05", "adamw:lr=0.03,weight-decay=0.5,beta1=0.7",
        "adagrad:lr=0.1", "adagrad:lr=0.2,eps=0.01,weight-decay=0.1", "rmsprop", "rmsprop:lr=0.02,alpha=0.9,momentum=0.5,centered,weight-decay=0.1",
        "gd:lr=0.05,weight-decay=0.1", "entropy-sgd:lr=0.7,steps=4,gamma=0.3,noise=0", "entropy-sgd:lr=0.7,steps=3,gamma=0.03,scoping=0.1,noise=0.01,inner-lr=0.2,average=0.6,weight-decay=0.05",
    ];

    /// <summary>Single precision rounds by 6e-8 a step; a division by √v amplifies it where v is small.</summary>
    [Theory, MemberData(nameof(All))]
    public void Fifty_steps_on_a_quadratic_are_the_textbook_ones(string text)
    {
        var optimizer = Optimizer.Parse(text);
        var valley = new Quadratic(37);                        // two vectors and a rest of five
        float[] weights = [.. valley.Start.Select(w => (float)w)];
        var textbook = new TextbookSteps(optimizer, [.. weights.Select(w => (double)w)], seed: 7);
        var rule = optimizer.Start(weights.Length, seed: 7);
        for (int t = 1; t <= Steps; t++)
        {
            double rate = optimizer.LearningRate * (t > 25 ? 0.5 : 1);
            double loss = rule.Step(weights, new Gradients(valley, t), rate);
            Close.Assert(textbook.Step((pass, w) => valley.Gradient(t, pass, w), (pass, w) => valley.Loss(t, pass, w), t, rate), loss, 1e-4, 1, $"loss of step {t}");
            for (int i = 0; i < weights.Length; i++)
                Close.Assert(textbook.Weights[i], weights[i], 2e-5, 1, $"weight {i} after step {t}");
        }

        Assert.True(valley.Loss(0, 0, textbook.Weights) < valley.Loss(0, 0, valley.Start), "it goes down");
    }

    public static TheoryData<string> OfTorch => [.. TorchSteps.After50.Keys];

    /// <summary>The textbook itself is TorchSharp: both in double precision, which rounds by 1e-16 a step.</summary>
    [Theory, MemberData(nameof(OfTorch))]
    public void The_textbook_is_TorchSharp(string text)
    {
        var optimizer = Optimizer.Parse(text);
        var valley = new Quadratic(37);
        var textbook = new TextbookSteps(optimizer, [.. valley.Start], seed: 7);
        for (int t = 1; t <= Steps; t++)
            textbook.Step((pass, w) => valley.Gradient(t, pass, w), (pass, w) => valley.Loss(t, pass, w), t, optimizer.LearningRate);
        for (int i = 0; i < 4; i++)
            Close.Assert(TorchSteps.After50[text][i], textbook.Weights[12 * i], 1e-12, 1, $"weight {12 * i}");
    }

    [Theory, MemberData(nameof(All))]
    public void A_step_depends_on_nothing_but_weights_iteration_and_state(string text)
    {
        var optimizer = Optimizer.Parse(text);
        var valley = new Quadratic(37);
        float[] weights = [.. valley.Start.Select(w => (float)w)];
        var rule = optimizer.Start(weights.Length, seed: 7);
        for (int t = 1; t <= 5; t++)
            rule.Step(weights, new Gradients(valley, t), 0.01);
        float[] other = [.. weights];
        var resumed = optimizer.Start(weights.Length, seed: 7);
        Assert.Equal(rule.State.Select(state => state.Name).Distinct(), resumed.State.Select(state => state.Name));
        foreach (var (from, to) in rule.State.Zip(resumed.State))
            from.Values.CopyTo(to.Values, 0);
        rule.Step(weights, new Gradients(valley, 6), 0.01);
        resumed.Step(other, new Gradients(valley, 6), 0.01);
        Assert.Equal(weights, other);
    }

    [Theory, MemberData(nameof(All))]
    public void Nothing_moves_where_the_loss_is_not_a_number(string text)
    {
        float[] weights = [1, 2, 3];
        Assert.Equal(double.NaN, Optimizer.Parse(text).Start(3, seed: 7).Step(weights, new Gradients(new Quadratic(3), -1), 0.1));
        Assert.Equal([1, 2, 3], weights);
    }

    /// <summary>A valley whose minimum is elsewhere for every minibatch.</summary>
    internal sealed class Quadratic(int dimension)
    {
        private readonly double[] _curvatures = [.. Enumerable.Range(0, dimension).Select(i => Math.Pow(10, -1.5 + 2.0 * i / dimension))];

        public double[] Start { get; } = [.. Enumerable.Range(0, dimension).Select(i => Math.Sin(i + 1) + 1.5)];

        public double Loss(long iteration, int pass, double[] w) => Enumerable.Range(0, dimension).Sum(i => 0.5 * _curvatures[i] * Math.Pow(w[i] - Minimum(iteration, pass, i), 2));

        public double[] Gradient(long iteration, int pass, double[] w) => [.. Enumerable.Range(0, dimension).Select(i => _curvatures[i] * (w[i] - Minimum(iteration, pass, i)))];

        private static double Minimum(long iteration, int pass, int i) => 0.1 * Math.Cos(3 * iteration + 5 * pass + i);
    }

    /// <summary>The valley in single precision; iteration −1 has no loss.</summary>
    private sealed class Gradients(Quadratic valley, long iteration) : IMinibatchGradients
    {
        public long Iteration => iteration;

        public double At(int pass, ReadOnlySpan<float> weights, Span<float> gradient)
        {
            double[] w = Array.ConvertAll(weights.ToArray(), x => (double)x);
            double[] exact = valley.Gradient(iteration, pass, w);
            for (int i = 0; i < exact.Length; i++)
                gradient[i] = (float)exact[i];
            return iteration < 0 ? double.NaN : valley.Loss(iteration, pass, w);
        }
    }
}

/// <summary>Every optimizer's rule as the textbooks write it, weight by weight in double precision.</summary>
internal sealed class TextbookSteps(Optimizer optimizer, double[] weights, long seed)
{
    private readonly double[] _first = new double[weights.Length];
    private readonly double[] _second = new double[weights.Length];
    private readonly double[] _third = new double[weights.Length];

    public double[] Weights => weights;

    public double Step(Func<int, double[], double[]> gradient, Func<int, double[], double> loss, long t, double rate)
    {
        double before = loss(0, weights);
        if (optimizer is EntropySgd entropy)
        {
            Walk(entropy, gradient, t, rate);
            return before;
        }

        double[] g = gradient(0, weights);
        for (int i = 0; i < weights.Length; i++)
            weights[i] = Moved(i, g[i], t, rate);
        return before;
    }

    private double Moved(int i, double g, long t, double rate)
    {
        double w = weights[i], d = g + optimizer.WeightDecay * w;
        switch (optimizer)
        {
            case Sgd { Momentum: 0 } or GradientDescent:
                return w - rate * d;
            case Sgd sgd:
                _first[i] = sgd.Momentum * _first[i] + d;
                return w - rate * (sgd.Nesterov ? d + sgd.Momentum * _first[i] : _first[i]);
            case Adam adam:
                return w - rate * AdamStep(i, d, t, adam.Beta1, adam.Beta2, adam.Epsilon);
            case AdamW adamW:
                return w * (1 - rate * adamW.WeightDecay) - rate * AdamStep(i, g, t, adamW.Beta1, adamW.Beta2, adamW.Epsilon);
            case Adagrad adagrad:
                _first[i] += d * d;
                return w - rate * d / (Math.Sqrt(_first[i]) + adagrad.Epsilon);
            case RmsProp rms:
                _first[i] = rms.Alpha * _first[i] + (1 - rms.Alpha) * d * d;
                _second[i] = rms.Alpha * _second[i] + (1 - rms.Alpha) * d;
                double variance = rms.Centered ? _first[i] - _second[i] * _second[i] : _first[i];
                _third[i] = rms.Momentum * _third[i] + d / (Math.Sqrt(variance) + rms.Epsilon);
                return w - rate * _third[i];
            default:
                throw new NotSupportedException($"{optimizer}");
        }
    }

    private double AdamStep(int i, double d, long t, double beta1, double beta2, double epsilon)
    {
        _first[i] = beta1 * _first[i] + (1 - beta1) * d;
        _second[i] = beta2 * _second[i] + (1 - beta2) * d * d;
        return _first[i] / (1 - Math.Pow(beta1, t)) / (Math.Sqrt(_second[i] / (1 - Math.Pow(beta2, t))) + epsilon);
    }

    private void Walk(EntropySgd entropy, Func<int, double[], double[]> gradient, long t, double rate)
    {
        var random = new RandomStream(seed, $"entropy-sgd/{t}");
        double gamma = entropy.Gamma * Math.Pow(1 + entropy.Scoping, t - 1);
        double[] x = [.. weights], mean = [.. weights];
        for (int pass = 0; pass < entropy.Steps; pass++)
        {
            double[] g = gradient(pass, x);
            for (int i = 0; i < x.Length; i++)
            {
                double noise = entropy.Noise > 0 ? Math.Sqrt(entropy.InnerRate) * entropy.Noise * random.NextNormal() : 0;
                x[i] += -entropy.InnerRate * (g[i] + entropy.WeightDecay * x[i] - gamma * (weights[i] - x[i])) + noise;
                mean[i] = entropy.Average * mean[i] + (1 - entropy.Average) * x[i];
            }
        }

        for (int i = 0; i < x.Length; i++)
            weights[i] -= rate * (weights[i] - mean[i]);
    }
}
