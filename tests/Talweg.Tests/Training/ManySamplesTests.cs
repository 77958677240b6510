using Talweg.Networks;
using Talweg.Tests.Networks;
using Talweg.Tests.Storage;
using Talweg.Training;

namespace Talweg.Tests.Training;

/// <summary>A minibatch of more samples than pass at once (a thousand), and evaluations over more, against plain loops over all samples.</summary>
public sealed class ManySamplesTests
{
    private const int Many = 2345;

    [Theory]
    [InlineData(false, "gd:lr=0.5")]
    [InlineData(true, "gd:lr=0.5")]
    [InlineData(false, "sgd:lr=0.5")]
    [InlineData(true, "sgd:lr=0.5")]
    public void A_step_on_all_samples_takes_their_mean_gradient_and_its_loss_is_their_mean(bool layered, string optimizer)
    {
        using var folder = new TemporaryFolder();
        var plain = new PlainTanh(Many);
        NetworkWeights start = layered ? plain.Layered : plain.Weights;
        var run = Trainer.Run(new()
        {
            Network = start.Network,
            BatchSize = Many,
            Optimizer = Optimizer.Parse(optimizer),
            Seed = 1,
            MaxEpochs = 1,
            Recording = Recording.None,
        }, new(plain.Samples, plain.Samples), folder["run"], interventions: new() { Start = start });
        double[] before = plain.At(new double[PlainTanh.Dimension], 0), gradient = plain.MeanGradient(before, [.. Enumerable.Range(0, Many)]);
        float[] found = [.. run.Weights.Tensors.SelectMany(tensor => tensor)];
        double[] after = [.. before.Zip(gradient, (w, g) => w - 0.5 * g)];
        for (int k = 0; k < PlainTanh.Dimension; k++)
            Close.Assert(after[k], found[k], 1e-5, 1, $"weight {k}");                          // 2,345 summands in single precision: 3e-6
        Close.Assert(plain.MeanLoss(after), run.Epochs[0].TrainLoss, 1e-5);
        Close.Assert(plain.MeanLoss(after), run.Epochs[0].TestLoss, 1e-5);
        double wrong = Enumerable.Range(0, Many).Count(sample => plain.Probabilities(after, sample) is var p && p.Max() > p[plain.Samples.Labels[sample]]);
        Assert.Equal(wrong / Many, run.Epochs[0].TrainError, 2.1 / Many);                      // two samples may be as near as single precision tells apart
    }
}
