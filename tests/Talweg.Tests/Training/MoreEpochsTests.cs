using Talweg.Networks;
using Talweg.Tests.Storage;
using Talweg.Training;

namespace Talweg.Tests.Training;

/// <summary>A training that has ended is given more epochs: it ends with the bits of one that was begun with as many, or says why it cannot.</summary>
public sealed class MoreEpochsTests : IDisposable
{
    private static readonly TrainingPlan Plan = TrainerTests.Plan with { ExtraEpochs = null, Recording = Recording.All };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("fc:6-8-3", "")]
    [InlineData("fc:6-8-3,bias", "sgd:lr=0.1,momentum=0.9")]
    [InlineData("net:1x2x3/conv4k3p1b/bn/relu/dense3b", "adamw:lr=0.003")]
    public void It_ends_with_the_bits_of_a_longer_one(string network, string optimizer)
    {
        var plan = Plan with
        {
            Network = Network.Parse(network),
            LearningRate = optimizer.Length > 0 ? 0 : 0.1,
            Optimizer = optimizer.Length > 0 ? Optimizer.Parse(optimizer) : null,
            Schedule = Schedule.Parse("warmup:epochs=2+step:every=3,factor=0.5"),
            SnapshotEvery = 2,
            SnapshotIterations = [0, 30, 60],
        };
        Same(plan with { MaxEpochs = 3 }, plan with { MaxEpochs = 5 }, plan with { MaxEpochs = 6 });
    }

    [Fact]
    public void After_zero_error_it_is_given_extra_epochs()
    {
        var plan = TrainerTests.Plan;
        var longer = Same(plan with { ExtraEpochs = 0 }, plan with { ExtraEpochs = 2 }, plan with { ExtraEpochs = 4, MaxEpochs = 400 });
        Assert.Equal(Ending.ZeroError, longer.Ending);
        Assert.Equal(longer.ZeroErrorEpoch + 4, longer.CompletedEpochs);
        Assert.Equal(longer.ZeroErrorEpoch + 1, longer.FirstRecordedEpoch);
    }

    [Fact]
    public void Before_zero_error_recording_begins_as_it_did_if_both_numbers_grow_by_as_much()
    {
        var plan = TrainerTests.Plan with { LearningRate = 1e-3, MaxEpochs = 6, ExtraEpochs = 2 };
        Assert.Equal(5, Same(plan, plan with { MaxEpochs = 8, ExtraEpochs = 4 }).FirstRecordedEpoch);
        Refused(plan, plan with { MaxEpochs = 8 },
            "a longer run would record later, but this one recorded from epoch 5 on. Choose epochs and extra epochs with which recording begins as it did, or start afresh (--overwrite), or choose another folder.");
        Refused(plan, plan with { ExtraEpochs = 4 }, "a longer run would record from epoch 3 on, but this one recorded from epoch 5 on. ");
        Refused(plan, plan with { MaxEpochs = 7 }, "a longer run would record from epoch 6 on, but this one recorded from epoch 5 on. ");
    }

    /// <summary>The last epoch is evaluated whatever its number, and a longer run passes over it.</summary>
    [Fact]
    public void What_is_evaluated_every_kth_epoch_is_so_still() =>
        Assert.Equal([4, 8, 11], Same(Plan with { EvaluateEvery = 4, MaxEpochs = 6 }, Plan with { EvaluateEvery = 4, MaxEpochs = 7 }, Plan with { EvaluateEvery = 4, MaxEpochs = 11 }).Epochs.Select(epoch => epoch.Epoch));

    [Fact]
    public void A_schedule_that_has_come_to_its_end_is_refused()
    {
        var plan = Plan with { MaxEpochs = 3, Schedule = Schedule.Parse("cosine:epochs=3") };
        Refused(plan, plan with { MaxEpochs = 5 },
            "its schedule cosine:epochs=3 has brought the learning rate to 0 by epoch 3, so that nothing would move. Start afresh with a schedule for as many epochs (--overwrite), or choose another folder.");
        var floored = plan with { Schedule = Schedule.Parse("warmup:epochs=2+cosine:epochs=3,floor=0.1") };
        Same(floored, floored with { MaxEpochs = 5 });
        Assert.Contains("epochs=3 there, cosine:epochs=5 here", Assert.Throws<InputException>(() => Run(plan with { MaxEpochs = 5, Schedule = Schedule.Parse("cosine:epochs=5") }, "refused")).Message);
    }

    [Fact]
    public void Noise_between_two_refreshes_is_refused()
    {
        Interventions Noisy(int every) => new() { Noise = new NormNoise(every) };
        Run(Plan with { MaxEpochs = 4 }, "noisy", Noisy(3));
        Assert.EndsWith("its noise takes in the weights every 3 epochs, and epoch 4, where it ended, is between two of them. Choose numbers of epochs divisible by that, and start afresh (--overwrite), or choose another folder.",
            Assert.Throws<InputException>(() => Run(Plan with { MaxEpochs = 6 }, "noisy", Noisy(3))).Message);
        Run(Plan with { MaxEpochs = 4 }, "grown", Noisy(2));
        Equal(Run(Plan with { MaxEpochs = 6 }, "whole", Noisy(2)), Run(Plan with { MaxEpochs = 6 }, "grown", Noisy(2)), "whole", "grown");
    }

    private TrainingRun Same(params TrainingPlan[] plans)
    {
        string grown = $"grown {Guid.NewGuid()}", whole = $"whole {Guid.NewGuid()}";
        TrainingRun? last = null;
        foreach (var plan in plans)
            last = Run(plan, grown);
        Equal(Run(plans[^1], whole), last!, whole, grown);
        return last!;
    }

    private void Equal(TrainingRun whole, TrainingRun grown, string wholeFolder, string grownFolder)
    {
        Assert.Equal(whole.Epochs, grown.Epochs);
        Assert.Equal((whole.Ending, whole.Verdict, whole.CompletedEpochs, whole.FirstRecordedEpoch), (grown.Ending, grown.Verdict, grown.CompletedEpochs, grown.FirstRecordedEpoch));
        string[] files = [.. Directory.EnumerateFiles(_folder[wholeFolder], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder[wholeFolder], file)).Order()];
        Assert.Equal(files, Directory.EnumerateFiles(_folder[grownFolder], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder[grownFolder], file)).Order());
        Assert.Contains("trajectory.safetensors", files);
        foreach (string file in files)
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder[wholeFolder], file)), File.ReadAllBytes(Path.Combine(_folder[grownFolder], file)));
    }

    private void Refused(TrainingPlan shorter, TrainingPlan longer, string why)
    {
        if (!Directory.Exists(_folder["refused"]))
            Run(shorter, "refused");
        byte[] before = File.ReadAllBytes(Path.Combine(_folder["refused"], "checkpoint.safetensors"));
        Assert.StartsWith($"{_folder["refused"]}: the training there cannot be given more epochs: {why}", Assert.Throws<InputException>(() => Run(longer, "refused")).Message);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(_folder["refused"], "checkpoint.safetensors")));
        Run(shorter, "refused");
    }

    private TrainingRun Run(TrainingPlan plan, string folder, Interventions? interventions = null) => Trainer.Run(plan, TrainerTests.Data, _folder[folder], new(1), interventions);
}
