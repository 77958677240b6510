using Talweg.Storage;
using Talweg.Tests.Storage;
using Talweg.Trajectories;

namespace Talweg.Tests.Trajectories;

public sealed class TrajectoryFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private Trajectory Recorded(params float[][] rows)
    {
        using (var recorder = new TrajectoryRecorder(folder["t"], rows[0].Length))
        {
            foreach (float[] row in rows)
                recorder.Record(row);
            Assert.Equal(rows.Length, recorder.Rows);
        }
        return Trajectory.Open(folder["t"]);
    }

    private string Refusal(params NamedTensor[] tensors)
    {
        SafeTensorsWriter.Write(folder["w"], tensors);
        return Assert.Throws<InputException>(() => Trajectory.Open(folder["w"]).Dispose()).Message;
    }

    [Fact]
    public void What_was_recorded_is_read_in_windows()
    {
        using var trajectory = Recorded([1, 2], [3, 4], [5, 6], [7, 8]);
        Assert.Equal((4L, 2), (trajectory.Iterations, trajectory.Weights));
        var last = trajectory.Last(3);
        Assert.Equal((3, 2), (last.Iterations, last.Dimension));
        Assert.Equal([3, 4, 5, 6, 7, 8], last.Weights);
        Assert.Equal([5, 6], last.Row(1).ToArray());
        Assert.Equal([3, 4], trajectory.Slice(1, 1).Weights);
    }

    [Fact]
    public void Double_precision_files_of_others_are_read()
    {
        SafeTensorsWriter.Write(folder["w"], [new("weights", [2, 2], new[] { 0.1, 0.2, 0.3, 0.4 })]);
        using var trajectory = Trajectory.Open(folder["w"]);
        Assert.Equal([0.1f, 0.2f, 0.3f, 0.4f], trajectory.Last(2).Weights);
    }

    [Fact]
    public void Recording_resumes_where_a_checkpoint_says()
    {
        Recorded([1, 2], [3, 4], [5, 6]).Dispose();
        using (var recorder = TrajectoryRecorder.Resume(folder["t"], 2, 2))
        {
            recorder.Record([7, 8]);
            recorder.Flush(durable: true);
            Assert.Equal((3L, 2), (recorder.Rows, recorder.Dimension));
            using var during = Trajectory.Open(folder["t"]);
            Assert.Equal([1, 2, 3, 4, 7, 8], during.Last(3).Weights);
        }
        using var after = Trajectory.Open(folder["t"]);
        Assert.Equal(3, after.Iterations);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(long.MaxValue)]
    public void The_last_iterations_must_be_there(long iterations)
    {
        using var trajectory = Recorded([1], [2], [3]);
        Assert.EndsWith($"window: found a request for the last {iterations} iterations, expected 1 to the 3 recorded",
            Assert.Throws<InputException>(() => trajectory.Last(iterations)).Message);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(1, long.MinValue)]
    public void A_slice_must_be_there(long first, long count)
    {
        using var trajectory = Recorded([1], [2], [3]);
        Assert.EndsWith($"window: found a request for {count} iterations from {first} on, expected at least one, all within the 3 recorded (counted from 0)",
            Assert.Throws<InputException>(() => trajectory.Slice(first, count)).Message);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void Weights_that_are_not_finite_are_named_by_row_and_column(float value, string found)
    {
        using var trajectory = Recorded([1, 2, 3], [4, 5, 6], [7, value, 9]);
        Assert.Equal([1, 2, 3, 4, 5, 6], trajectory.Slice(0, 2).Weights);
        Assert.EndsWith($"tensor 'weights', row 2, column 1: found {found}, expected a finite number; did training diverge?",
            Assert.Throws<InputException>(() => trajectory.Last(2)).Message);
    }

    [Fact]
    public void Other_files_are_refused()
    {
        Assert.Contains("shape: found [4], expected [iterations, N]", Refusal(new NamedTensor("weights", [4], new float[4])));
        Assert.Contains("shape: found [4, 0], expected [iterations, N]", Refusal(new NamedTensor("weights", [4, 0], Array.Empty<float>())));
        Assert.Contains("tensors: found '0.weight', expected one named 'weights'", Refusal(new NamedTensor("0.weight", [1, 1], new float[1])));
        Assert.Contains("tensors: found 2 of them", Refusal(new("weights", [1, 1], new float[1]), new("bias", [1], new float[1])));
        byte[] integers = SafeTensorsBytes.File("""{"weights":{"dtype":"I8","shape":[1,1],"data_offsets":[0,1]}}""", 1);
        Assert.Contains("dtype: found I8, expected F64, F32, F16 or BF16",
            Assert.Throws<InputException>(() => Trajectory.Open(folder.Bytes("i", integers))).Message);
    }

    [Fact]
    public void A_window_checks_its_size()
    {
        Assert.Contains("2 iterations of 3 weights need 6 numbers, not 5.",
            Assert.Throws<ArgumentException>(() => new Window(new float[5], 2, 3)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Window([], 0, 3));
    }
}
