using System.Text.Json;
using System.Text.Json.Nodes;
using Talweg.Continual;
using Talweg.Networks;
using Talweg.Statistics;
using Talweg.Tests.Storage;
using Talweg.Training;

namespace Talweg.Tests.Continual;

/// <summary>Whole sequences of small tasks, by every method and both protocols.</summary>
public sealed class ContinualTrainerTests : IDisposable
{
    private static readonly TaskSequence Two = SmallTasks.Of(2), Three = SmallTasks.Of(3);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, TrainingProtocol> Cases
    {
        get
        {
            var cases = new TheoryData<string, TrainingProtocol>();
            foreach (string method in (string[])
                ["none", "ldc:lambda=0.05,modes=8", "ldc:lambda=0.5,modes=8,flatness=variance", "ldc:lambda=0.05,modes=8,flatness=matched", "ewc:lambda=20", "ewc:lambda=20,fisher=minibatch,weights=30",
                    "online-ewc:lambda=20,decay=0.5,fisher=empirical", "si:lambda=0.5", "l2:lambda=0.05", "replay:samples=20"])
            {
                cases.Add(method, TrainingProtocol.FromScratch);
                cases.Add(method, TrainingProtocol.HiddenLayers);
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Matrices_are_the_performance_of_the_files_that_were_written(string method, TrainingProtocol protocol)
    {
        var tasks = protocol == TrainingProtocol.FromScratch ? Three : Two;
        var plan = Plan(method, protocol);
        var run = ContinualTrainer.Run(plan, tasks, _folder["run"], new(2));
        int count = tasks.Tasks.Count;
        Assert.Equal("", run.Divergence);
        Assert.Equal((protocol, method, count), (run.Protocol, run.Method, run.WeightsFiles.Count));
        Assert.Equal(tasks.Tasks.Select(task => task.Name), run.Tasks);
        Assert.True(run.Accuracy.IsComplete && run.OwnAccuracy.IsComplete);
        string[] files = [.. Enumerable.Range(1, count).Select(task => $"weights-after-{task}.safetensors")];
        Assert.Equal(files.Select(name => Path.Combine(_folder["run"], name)), run.WeightsFiles);
        string[] others = protocol == TrainingProtocol.FromScratch ? [".lock", "continual.json", "plan.json"] : [".lock", "all-tasks", "continual.json", "plan.json"];
        Assert.Equal(others.Concat(files).Order(StringComparer.Ordinal), Directory.EnumerateFileSystemEntries(_folder["run"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        for (int row = 0; row < count; row++)
        {
            var weights = WeightsFile.Load(run.WeightsFiles[row], plan.Network);
            for (int task = 0; task < count; task++)
            {
                var found = Performance.OnTest(weights, new(tasks.Tasks[task].Test, tasks.Tasks[task].Test));
                Assert.Equal(1 - found.Error, run.Accuracy.After[row][task], 1e-12);
                Assert.Equal(1 - found.OwnError, run.OwnAccuracy.After[row][task], 1e-12);
            }

            Assert.Equal(run.Accuracy.After[row].Select(accuracy => 1 - accuracy), run.Courses[row][^1].Errors, (x, y) => Math.Abs(x - y) < 1e-12);
            int perEpoch = tasks.Tasks[row].Train.Count / plan.BatchSize;
            Assert.Equal((0L, 2L * perEpoch), (run.Courses[row][0].Iteration, run.Courses[row][^1].Iteration));
            Assert.Contains(run.Courses[row], point => point.Iteration == 2 && perEpoch > 2);
            if (row > 0)
                Assert.Equal(run.Courses[row - 1][^1].Errors, run.Courses[row][0].Errors);      // a task begins where the one before ended
        }

        Assert.Equal(run.Courses[0][0].Errors.Select(error => 1 - error), run.Accuracy.Before);
        Assert.Equal(method == "none", run.MemoryBytes[0] == 0);
        Assert.Equal((count, 0), (run.MemoryBytes.Count, run.MemoryBytes[^1]));
        var again = ContinualTrainer.Run(plan, tasks, _folder["run"], new(2, new Never()));     // finished: read, not trained
        Assert.Equal(JsonSerializer.Serialize(run), JsonSerializer.Serialize(again));
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_sequence_that_was_stopped_ends_with_the_same_bits(string method, TrainingProtocol protocol)
    {
        var tasks = protocol == TrainingProtocol.FromScratch ? Three : Two;
        var plan = Plan(method, protocol);
        ContinualTrainer.Run(plan, tasks, _folder["whole"], new(1));
        var (run, cancelled) = Interrupted.Run(work => ContinualTrainer.Run(plan, tasks, _folder["stopped"], work));
        Assert.True(cancelled >= 2, $"cancelled {cancelled} times");
        for (int task = 0; task < tasks.Tasks.Count; task++)
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder["whole"], $"weights-after-{task + 1}.safetensors")), File.ReadAllBytes(run.WeightsFiles[task]));
        Assert.Equal(Json("whole"), Json("stopped"));
    }

    [Fact]
    public void Another_plan_in_the_folder_is_refused()
    {
        var plan = Plan("l2:lambda=0.05", TrainingProtocol.FromScratch);
        ContinualTrainer.Run(plan, Two, _folder["run"]);
        (ContinualPlan Plan, string Difference)[] others =
        [
            (plan with { Seed = 2 }, "seed 1 there, 2 here"), (plan with { Method = ContinualMethods.Parse("l2:lambda=0.06") }, "method l2:lambda=0.05 there, l2:lambda=0.06 here"),
            (plan with { Epochs = 3, BatchSize = 11 }, "batch size 10 there, 11 here; epochs 2 there, 3 here"), (plan with { LearningRate = 0.11 }, "learning rate 0.1 there, 0.11 here"),
            (plan with { WindowEpochs = 1 }, "window epochs 2 there, 1 here"), (plan with { PenaltyStep = PenaltyStep.Explicit }, "penalty step default there, Explicit here"),
            (plan with { PretrainingEpochs = 7 }, $"pretraining epochs {plan.PretrainingEpochs} there, 7 here"), (plan with { Data = "other" }, "data clouds there, other here"),
            (plan with { Protocol = TrainingProtocol.HiddenLayers }, "protocol FromScratch there, HiddenLayers here"),
            (plan with { Optimizer = Optimizer.Parse("adam:lr=0.1") }, "learning rate 0.1 there, the optimizer's here; optimizer sgd there, adam:lr=0.1 here"),
            (plan with { Network = FullyConnected.Parse("fc:6-8-7-6") }, $"network {plan.Network} there, fc:6-8-7-6 here"),
            (plan with { LaterEpochs = 2 }, "later epochs as the first there, 2 here"), (plan with { LaterLearningRate = 0.1 }, "later learning rate as the first there, 0.1 here"),
        ];
        foreach (var (other, difference) in others)
            Refused(other, Two, difference);
        Refused(plan, Three, "tasks 2 small tasks there, 3 small tasks here");
        File.Delete(Path.Combine(_folder["run"], "continual.json"));
        Refused(others[0].Plan, Two, others[0].Difference);             // a run that has not ended too

        void Refused(ContinualPlan other, TaskSequence tasks, string difference) =>
            Assert.Equal($"{_folder["run"]}: holds a sequence that differs: {difference}. Choose another folder, or give --overwrite to start afresh.",
                Assert.Throws<InputException>(() => ContinualTrainer.Run(other, tasks, _folder["run"])).Message);
    }

    [Fact]
    public void Springs_too_strong_for_explicit_steps_are_reported_with_what_was_learned_before()
    {
        var plan = Plan("l2:lambda=1e6", TrainingProtocol.FromScratch);
        var implicitly = ContinualTrainer.Run(plan, Three, _folder["implicit"]);
        Assert.Equal(("", 3), (implicitly.Divergence, implicitly.Courses.Count));
        var run = ContinualTrainer.Run(plan with { PenaltyStep = PenaltyStep.Explicit }, Three, _folder["explicit"]);
        Assert.StartsWith("task 2 of 3 (23) diverged: the loss was ", run.Divergence, StringComparison.Ordinal);
        Assert.EndsWith(" Or a smaller lambda: a spring of strength s is stable only for learning rates below 1/s.", run.Divergence, StringComparison.Ordinal);
        Assert.Equal((1, 1, 1, 1), (run.Courses.Count, run.Accuracy.After.Count, run.WeightsFiles.Count, run.MemoryBytes.Count));
        Assert.False(run.Accuracy.IsComplete);
        Assert.True(double.IsNaN(run.Accuracy.AverageError));
        Assert.Equal([".lock", "continual.json", "plan.json", "weights-after-1.safetensors"], Directory.EnumerateFileSystemEntries(_folder["explicit"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        var again = ContinualTrainer.Run(plan with { PenaltyStep = PenaltyStep.Explicit }, Three, _folder["explicit"], new(1, new Never()));
        Assert.Equal((run.Divergence, run.Plan), (again.Divergence, again.Plan));
        Assert.Equal(run.Accuracy.After, again.Accuracy.After);
        var first = ContinualTrainer.Run(plan with { LearningRate = 1e30 }, Three, _folder["first"]);
        Assert.StartsWith("task 1 of 3 (01) diverged: ", first.Divergence, StringComparison.Ordinal);
        Assert.DoesNotContain("smaller lambda", first.Divergence, StringComparison.Ordinal);
        Assert.Empty(first.Accuracy.After);
    }

    /// <summary>Each method forgets less of the first of two tasks than none does; the bound is none's own forgetting, of which a spring must keep a part.</summary>
    [Theory]
    [InlineData("ldc:lambda=1,modes=50")]
    [InlineData("ewc:lambda=100")]
    [InlineData("l2:lambda=0.1")]
    [InlineData("si:lambda=1")]
    [InlineData("replay")]
    public void Methods_keep_of_the_first_task_what_none_forgets(string method)
    {
        var plan = Plan("none", TrainingProtocol.FromScratch) with { Epochs = 8, WindowEpochs = 4 };
        double Forgotten(string text) => ContinualTrainer.Run(plan with { Method = ContinualMethods.Parse(text) }, Two, _folder[text]).Courses[1][^1].Errors[0];
        double without = Forgotten("none"), with = Forgotten(method);
        Assert.True(without > 0.4, $"error without {without}");
        Assert.True(with < without, $"error {with}, without {without}");
    }

    [Fact]
    public void Optimizers_begin_anew_with_every_task_and_follow_springs_explicitly()
    {
        var plan = Plan("ewc:lambda=20", TrainingProtocol.FromScratch) with { Optimizer = Optimizer.Parse("adam:lr=0.01") };
        var run = ContinualTrainer.Run(plan, Two, _folder["default"]);
        var explicitly = ContinualTrainer.Run(plan with { PenaltyStep = PenaltyStep.Explicit }, Two, _folder["explicit"]);
        Assert.Equal(File.ReadAllBytes(run.WeightsFiles[1]), File.ReadAllBytes(explicitly.WeightsFiles[1]));
        var second = new TaskTraining(plan, ContinualStage.Prepare(plan, Two, _folder["stage"]), 1, _folder["second"]);
        var none = plan with { Method = new NoMethod() };
        var free = ContinualTrainer.Run(none, Two, _folder["none"]);
        Assert.Equal(WeightsFile.Load(free.WeightsFiles[1], plan.Network).Tensors, second.Run(WeightsFile.Load(free.WeightsFiles[0], plan.Network), null).Weights.Tensors);
        Assert.NotEqual(File.ReadAllBytes(free.WeightsFiles[1]), File.ReadAllBytes(run.WeightsFiles[1]));
        Refused(plan with { PenaltyStep = PenaltyStep.Implicit }, "penalty step: found implicit, expected explicit with adam:lr=0.01: springs are followed implicitly by plain SGD alone");
    }

    /// <summary>The second task by hand: the trainer itself, from the first task's weights, with numbers of its own.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("sgd:lr=0.1,momentum=0.5")]
    public void Later_tasks_take_their_own_epochs_and_learning_rate(string? optimizer)
    {
        var plan = Plan("none", TrainingProtocol.FromScratch) with { Optimizer = optimizer is null ? null : Optimizer.Parse(optimizer) };
        var same = ContinualTrainer.Run(plan, Three, _folder["same"]);
        var run = ContinualTrainer.Run(plan with { LaterEpochs = 3, LaterLearningRate = 0.02 }, Three, _folder["run"]);
        Assert.Equal(File.ReadAllBytes(same.WeightsFiles[0]), File.ReadAllBytes(run.WeightsFiles[0]));
        Assert.Equal(Three.Tasks.Select((task, i) => (long)(task.Train.Count / 10 * (i == 0 ? 2 : 3))), run.Courses.Select(course => course[^1].Iteration));
        var second = Trainer.Run(
            new()
            {
                Network = plan.Network,
                BatchSize = 10,
                LearningRate = optimizer is null ? 0.02 : 0,
                Optimizer = optimizer is null ? null : Optimizer.Parse("sgd:lr=0.02,momentum=0.5"),
                Seed = RandomStream.DeriveSeed(1, "task 2"),
                MaxEpochs = 3,
                ExtraEpochs = null,
                Recording = Recording.None,
            },
            new(Three.Tasks[1].Train, Three.Tasks[1].Test), _folder["second"], interventions: new() { Start = WeightsFile.Load(run.WeightsFiles[0], plan.Network) });
        Assert.Equal(second.Weights.Tensors, WeightsFile.Load(run.WeightsFiles[1], plan.Network).Tensors);
        var longer = plan with { LaterEpochs = 3 };
        Assert.Equal($"{_folder["run"]}: holds a sequence that differs: later learning rate 0.02 there, as the first here. Choose another folder, or give --overwrite to start afresh.",
            Assert.Throws<InputException>(() => ContinualTrainer.Run(longer, Three, _folder["run"])).Message);
    }

    /// <summary>A later task shorter than the window gives all of it, which has as many modes as iterations at most.</summary>
    [Fact]
    public void The_window_of_a_shorter_task_is_all_of_it()
    {
        var plan = Plan("ldc:lambda=0.05,modes=40", TrainingProtocol.FromScratch) with { LaterEpochs = 1 };
        var run = ContinualTrainer.Run(plan, Three, _folder["run"]);
        Assert.Equal("", run.Divergence);
        Assert.InRange(run.MemoryBytes[1] - run.MemoryBytes[0], 1, (Three.Tasks[1].Train.Count / 10 + 8) * 4 * (WeightSpace.All(plan.Network).Dimension + 32));
    }

    /// <summary>Hidden layers begin with weights of their own, not with those that the whole network, or a smaller one of that seed, begins with.</summary>
    [Fact]
    public void Hidden_layers_are_drawn_anew_from_streams_of_their_own()
    {
        var plan = Plan("none", TrainingProtocol.HiddenLayers);
        var stage = ContinualStage.Prepare(plan, Two, _folder["stage"]);
        float[] start = stage.Space.Flatten(stage.Start);
        Assert.NotEqual(stage.Space.Flatten(NetworkWeights.Draw(stage.Start.Network, Initialisation.PyTorch, plan.Seed)), start);
        Assert.NotEqual(NetworkWeights.Draw(plan.Network, Initialisation.PyTorch, plan.Seed).Tensors[2][..8], start[..8]);
        Assert.All(start, weight => Assert.InRange(Math.Abs(weight), 0, 1 / Math.Sqrt(8)));        // eight inputs, and uniform
        Assert.Contains(start, weight => Math.Abs(weight) > 0.8 / Math.Sqrt(8));
    }

    /// <summary>What is pretrained on own classes never sees the others: the same bits as without them.</summary>
    [Fact]
    public void Pretraining_takes_all_classes_or_the_sequences_own()
    {
        var plan = Plan("none", TrainingProtocol.HiddenLayers);
        var with = Two with { Others = Three.Tasks[2] };
        float[][] Start(ContinualPlan of, TaskSequence tasks, string folder) => [.. ContinualStage.Prepare(of, tasks, _folder[folder]).Whole(ContinualStage.Prepare(of, tasks, _folder[folder]).Start).Tensors];
        float[][] without = Start(plan, Two, "without"), own = Start(plan with { PretrainingClasses = PretrainingClasses.Own }, with, "own"), all = Start(plan, with, "all");
        Assert.Equal(without, own);
        Assert.NotEqual(without[0], all[0]);
        Assert.Throws<InputException>(() => Start(plan, with, "own"));                                // a folder knows what it was trained on
    }

    /// <summary>Normalisations' scales and shifts are trained, but no trajectory of layers holds them.</summary>
    [Theory]
    [InlineData("net:1x2x3/conv4k2/bn/tanh/dense6")]
    [InlineData("net:1x2x3/conv4k2/bn/tanh/dense6b")]
    public void Modes_of_a_network_that_normalises_are_refused_before_anything_is_trained(string text)
    {
        var plan = Plan("ldc:lambda=1,modes=5", TrainingProtocol.FromScratch) with { Network = Network.Parse(text) };
        Refused(plan, $"method: found {plan.Method}, expected one that needs no trajectory, or the protocol of hidden layers: {text} has normalisations, whose scales and shifts are not recorded");
        Assert.Equal("", ContinualTrainer.Run(plan with { Method = ContinualMethods.Parse("ewc:lambda=1") }, Two, _folder["ewc"]).Divergence);
    }

    [Fact]
    public void Plans_out_of_range_are_refused()
    {
        var plan = Plan("ldc:lambda=1", TrainingProtocol.FromScratch);
        Refused(plan with { Epochs = 0 }, "epochs: found 0, expected at least 1");
        Refused(plan with { WindowEpochs = 3 }, "window epochs: found 3, expected 1 to 2, the epochs of a task");
        Refused(plan with { WindowEpochs = 0 }, "window epochs: found 0, expected 1 to 2, the epochs of a task");
        (plan with { WindowEpochs = 3, Method = new NoMethod() }).Validate();
        Refused(plan with { LaterEpochs = 0 }, "later epochs: found 0, expected at least 1");
        Refused(plan with { LaterLearningRate = -1 }, "later learning rate: found -1, expected a positive number");
        Refused(plan with { PretrainingClasses = PretrainingClasses.Own }, "pretraining classes: found own, expected all where everything is trained from scratch; or the protocol of hidden layers");
        Refused(plan with { PretrainingEpochs = 0 }, "pretraining epochs: found 0, expected at least 1");
        Refused(plan with { TrainedLayers = [2, 3] }, "trained layers: found 2,3, expected none where everything is trained from scratch; or the protocol of hidden layers");
        Assert.StartsWith("training plan: batch size: found 1000, expected 1 to ", Assert.Throws<InputException>(() => ContinualTrainer.Run(plan with { BatchSize = 1000 }, Two, _folder["batch"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_says_of_which_task_it_is()
    {
        var reports = new List<string>();
        ContinualTrainer.Run(Plan("ewc:lambda=1", TrainingProtocol.FromScratch), Two, _folder["run"], new(1, new Collected(reports)));
        Assert.Contains("task 1 of 2 (01): training", reports);
        Assert.Contains("task 1 of 2 (01): Fisher information", reports);
        Assert.Contains("task 2 of 2 (23): training", reports);
        Assert.DoesNotContain("task 2 of 2 (23): Fisher information", reports);      // nobody needs the last task's
    }

    private static ContinualPlan Plan(string method, TrainingProtocol protocol) => new()
    {
        Network = FullyConnected.Parse("fc:6-8-7-6,bias"),
        Method = ContinualMethods.Parse(method),
        BatchSize = 10,
        Epochs = 2,
        WindowEpochs = 2,
        Protocol = protocol,
        PretrainingEpochs = 8,
        Data = "clouds",
    };

    private void Refused(ContinualPlan plan, string message)
    {
        Assert.Equal($"plan of tasks: {message}", Assert.Throws<InputException>(() => ContinualTrainer.Run(plan, Two, _folder["refused"])).Message);
        Assert.False(Directory.Exists(_folder["refused"]));
    }

    /// <summary>What a folder says, but for where its files are.</summary>
    private string Json(string name)
    {
        var run = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder[name], "continual.json")))!.AsObject();
        Assert.True(run.Remove("WeightsFiles") && run.Remove("sha256"));
        return run.ToJsonString();
    }

    private sealed class Never : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => Assert.Fail("It trained again.");
    }

    private sealed class Collected(List<string> reports) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => reports.Add(value.What);
    }
}
