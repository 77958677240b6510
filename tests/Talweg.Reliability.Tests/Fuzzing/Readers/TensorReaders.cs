using Talweg.Cli.Inputs;
using Talweg.Networks;
using Talweg.Storage;
using Talweg.Tests.Storage;
using Talweg.Trajectories;

namespace Talweg.Reliability.Tests.Fuzzing.Readers;

/// <summary>Safetensors files, and what is kept in them: weights, trajectories, directions.</summary>
internal static class TensorReaders
{
    private static readonly FullyConnected Dense = FullyConnected.Parse("fc:5-4-3,bias");
    private static readonly Network Layered = Network.Parse("net:1x4x4/conv2k3p1/bn/relu/dense3b");

    public static IEnumerable<FuzzReader> All() =>
    [
        new("tensors", [SafeTensorsBytes.Golden], ReadTensors),
        new("weights", WeightFiles(), (bytes, folder) => WeightsFile.Load(FuzzFile.Write(folder, "w.safetensors", bytes), Dense)) { Finish = Seals.Tensors },
        new("layered-weights", [FuzzFile.Made("w", path => WeightsFile.Save(path, NetworkWeights.Draw(Layered, Initialisation.He, 1)))],
            (bytes, folder) => WeightsFile.Load(FuzzFile.Write(folder, "w.safetensors", bytes), Layered)) { Finish = Seals.Tensors },
        new("trajectories", [Trajectory(3, 5), Trajectory(1, 1)], ReadTrajectory),
        new("directions", [FuzzFile.Made("d", path => DirectionsFile.Write(path, [.. Unit(12, 0), .. Unit(12, 7)], 12))],
            (bytes, folder) => DirectionsFile.Read(FuzzFile.Write(folder, "d.safetensors", bytes), WeightSpace.Of(Dense, 2))),
    ];

    private static void ReadTensors(byte[] bytes, string folder)
    {
        using var file = SafeTensorsFile.Open(FuzzFile.Write(folder, "t", bytes));
        foreach (string name in file.Names)
        {
            double[] values = file.ReadDoubles(name);
            FuzzFile.Require(values.SequenceEqual(SafeTensorsBytes.Values(bytes, name)), $"tensor {name} is not what another reader finds");
        }
    }

    /// <summary>Under Talweg's names and under PyTorch's.</summary>
    private static byte[][] WeightFiles() =>
    [
        FuzzFile.Made("w", path => WeightsFile.Save(path, DenseWeights.Draw(Dense, Initialisation.He, 1))),
        FuzzFile.Made("w", path => SafeTensorsWriter.Write(path,
        [
            new("0.weight", [4, 5], Numbers(20)), new("0.bias", [4], Numbers(4)), new("2.weight", [3, 4], Numbers(12)), new("2.bias", [3], Numbers(3)),
        ])),
    ];

    private static void ReadTrajectory(byte[] bytes, string folder)
    {
        using var trajectory = Talweg.Trajectories.Trajectory.Open(FuzzFile.Write(folder, "t.safetensors", bytes));
        if (trajectory.Iterations == 0)
            return;
        var window = trajectory.Slice(0, trajectory.Iterations);
        FuzzFile.Require(window.Weights.Length == trajectory.Iterations * trajectory.Weights, "the window has another size than the file says");
    }

    private static byte[] Trajectory(int rows, int dimension) => FuzzFile.Made("t", path =>
    {
        using var recorder = new TrajectoryRecorder(path, dimension);
        for (int row = 0; row < rows; row++)
            recorder.Record(Numbers(dimension));
    });

    private static double[] Unit(int dimension, int index) => [.. Enumerable.Range(0, dimension).Select(i => i == index ? 1.0 : 0)];

    private static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => 0.25f * i - 1)];
}
