using System.Text.Json;
using Talweg.Networks;

namespace Talweg.Cli.Tests.Commands;

/// <summary><c>talweg continual</c>, over digits that Talweg draws.</summary>
public sealed class ContinualTests : IDisposable
{
    private static readonly string[] Small = ["--data", "digits", "--samples", "1500", "--epochs", "3", "--pretraining-epochs", "3", "--threads", "1"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Command Run(params string[] arguments) => Command.Run(["continual", .. Small, .. arguments]);

    [Fact]
    public void It_prints_the_accuracy_matrix_writes_weights_after_each_task_and_comes_to_the_same_when_typed_again()
    {
        string[] arguments = ["--tasks", "01,23,45", "--method", "ldc:lambda=10,modes=20", "--protocol", "hidden-layers", "--out", _folder["run"]];
        var first = Run(arguments);
        Assert.StartsWith("ldc:lambda=10,modes=20, hidden layers alone, after a training on all tasks together: 2500 weights", first.AssertSuccess(), StringComparison.Ordinal);
        foreach (string word in (string[])["(none)", "average error", "forgetting", "backward transfer", "forward transfer", "all outputs compete", "own classes only"])
            Assert.Contains(word, first.Out, StringComparison.Ordinal);
        foreach (int task in (int[])[1, 2, 3])
            Assert.Equal(784 * 50, WeightsFile.Load(_folder[$"run/weights-after-{task}.safetensors"], FullyConnected.Of(784, 50, 50, 10)).Matrices[0].Length);
        var again = Run([.. arguments, "--json"]);
        using var json = JsonDocument.Parse(again.Out);
        Assert.Equal(["01", "23", "45"], json.RootElement.GetProperty("tasks").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("hidden-layers", json.RootElement.GetProperty("protocol").GetString());
        var matrix = json.RootElement.GetProperty("accuracy").GetProperty("after");
        Assert.Equal((3, 3), (matrix.GetArrayLength(), matrix[2].GetArrayLength()));
        double mean = matrix[2].EnumerateArray().Average(value => value.GetDouble());
        Assert.Equal(1 - mean, json.RootElement.GetProperty("accuracy").GetProperty("average_error").GetDouble(), 1e-12);
        Assert.Equal(json.RootElement.GetProperty("courses")[1].GetProperty("points").EnumerateArray().Last().GetProperty("errors")[0].GetDouble(), 1 - matrix[1][0].GetDouble(), 1e-12);
        Assert.DoesNotContain("training", again.Error, StringComparison.Ordinal);      // nothing is learned again
    }

    [Fact]
    public void Later_tasks_have_numbers_of_their_own_and_pretraining_its_classes()
    {
        string[] arguments = ["--tasks", "01,23", "--method", "none", "--protocol", "hidden-layers", "--pretraining-classes", "own", "--later-epochs", "1", "--later-learning-rate", "0.01", "--json", "--out", _folder["run"]];
        using var json = JsonDocument.Parse(Run(arguments).Out);
        var courses = json.RootElement.GetProperty("courses");
        long Last(int task) => courses[task].GetProperty("points").EnumerateArray().Last().GetProperty("iteration").GetInt64();
        Assert.True(Last(0) > 2 * Last(1), $"{Last(0)} iterations on the first task, {Last(1)} on the second");
        Run([.. arguments.Where(argument => argument is not ("--later-learning-rate" or "0.01"))]).AssertMistake("later learning rate 0.01 there, as the first here");
    }

    [Fact]
    public void A_run_that_diverges_says_so_and_what_to_try()
    {
        var run = Run("--tasks", "01,23", "--method", "l2:lambda=1000", "--penalty-step", "explicit", "--out", _folder["run"]);
        Assert.Equal(ExitCode.Mistake, run.ExitCode);
        Assert.Contains("talweg: task 2 of 2 (23) diverged: the loss was", run.Error, StringComparison.Ordinal);
        Assert.Contains("Or a smaller lambda", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["run/weights-after-1.safetensors"]));
        Assert.False(File.Exists(_folder["run/weights-after-2.safetensors"]));
    }

    [Theory]
    [InlineData("--tasks 01 --method none", "--tasks: value: found '01', expected two tasks or more")]
    [InlineData("--tasks 01,12 --method none", "--tasks: task '12': found class 1 again, after '01', expected every class in one task at most")]
    [InlineData("--tasks 01,2+77 --method none", "--tasks: task '2+77': found class '77', expected classes of digits: 0 to 9")]
    [InlineData("--tasks permuted:1 --method none", "--tasks: number of permutations: found 'permuted:1', expected a whole number from 2 to 100")]
    [InlineData("--tasks rotated:0,x --method none", "--tasks: angle: found 'x' in 'rotated:0,x', expected degrees")]
    [InlineData("--tasks animals,objects --method none", "--tasks: task: found 'animals', which digits does not have, expected classes of digits: 0 to 9")]
    [InlineData("--tasks 01,23 --method lcd:lambda=1", "--method: kind: found 'lcd' in 'lcd:lambda=1', expected")]
    [InlineData("--tasks 01,23 --method ldc", "--method: lambda: found none in 'ldc', expected a positive number, as in ldc:lambda=10,modes=200")]
    [InlineData("--tasks 01,23 --method ewc:lambda=1,fisher=true", "--method: fisher: found 'true' in 'ewc:lambda=1,fisher=true', expected one of exact, empirical, minibatch")]
    [InlineData("--tasks 01,23 --method none --trained-layers 2", "--trained-layers: trained layers: found 2, expected none where everything is trained from scratch")]
    [InlineData("--tasks 01,23 --method none --pretraining-classes own", "--pretraining-classes: pretraining classes: found own, expected all where everything is trained from scratch; or the protocol of hidden layers")]
    [InlineData("--tasks 01,23 --method none --pretraining-classes none", "--pretraining-classes: found 'none', expected one of all, own")]
    [InlineData("--tasks 01,23 --method none --later-epochs 0", "--later-epochs: found '0', expected a whole number of at least 1")]
    [InlineData("--tasks 01,23 --method none --later-learning-rate 0", "--later-learning-rate: found '0', expected a number above 0")]
    [InlineData("--tasks 01,23 --method none --window-epochs 0", "--window-epochs: found '0', expected a whole number of at least 1")]
    [InlineData("--tasks 01,23 --method l2:lambda=1 --optimizer adam:lr=0.001 --penalty-step implicit", "--penalty-step: penalty step: found implicit, expected explicit with adam: springs are followed implicitly by plain SGD alone")]
    [InlineData("--tasks 01,23 --method none --network fc:100-10", "--network: inputs: found 100 in fc:100-10, expected 784, the pixels of an image of digits train")]
    [InlineData("--tasks 01,23 --method none --batch 100000", "--batch: batch size: found 100000, expected 1 to ")]
    [InlineData("--tasks 01,23 --method none --network fc:784-10 --protocol hidden-layers", "trained layers: of fc:784-10: found no hidden dense layer")]
    public void What_cannot_be_done_is_refused_with_what_was_found_and_expected(string options, string message)
    {
        Run([.. options.Split(' '), "--out", _folder["refused"]]).AssertMistake(message);
        Assert.False(Directory.Exists(_folder["refused"]));
    }

    [Theory]
    [InlineData("--batch 100000", "--batch: batch size: found 100000, expected 1 to ")]
    [InlineData("--network fc:784-10 --protocol hidden-layers", "trained layers: of fc:784-10: found no hidden dense layer")]
    public void A_sequence_is_not_begun_afresh_for_a_plan_that_is_refused(string options, string message)
    {
        string[] arguments = ["--tasks", "01,23", "--method", "none", "--out", _folder["run"]];
        Run(arguments).AssertSuccess();
        string[] before = [.. Directory.GetFiles(_folder["run"]).Order()];
        Run([.. arguments, .. options.Split(' '), "--overwrite"]).AssertMistake(message);
        Assert.Equal(before, Directory.GetFiles(_folder["run"]).Order());
        Assert.Contains(_folder["run/continual.json"], before);
    }

    [Fact]
    public void Another_plan_in_the_folder_is_refused()
    {
        string[] arguments = ["--tasks", "01,23", "--out", _folder["run"]];
        Run(["--method", "none", .. arguments]).AssertSuccess();
        Run(["--method", "l2:lambda=0.1", .. arguments]).AssertMistake("holds a sequence that differs: method none there, l2:lambda=0.1 here. Choose another folder, or give --overwrite to start afresh.");
    }
}
