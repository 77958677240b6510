using Talweg.Landscapes;
using Talweg.Networks;
using Talweg.Storage;

namespace Talweg.Cli.Inputs;

/// <summary>Directions as safetensors: one tensor <c>directions</c> [K, N], F64, F32, F16 or BF16, each row of norm 1 within 1e-3.</summary>
internal static class DirectionsFile
{
    private const string TensorName = "directions", MakerKey = "made-by", Maker = "talweg measure modes";

    /// <summary>Reads directions of <paramref name="space"/>.</summary>
    /// <exception cref="InputException">The file is no such file, its rows have another length than the space, or a row's norm is not 1.</exception>
    public static Directions Read(string path, WeightSpace space)
    {
        using var file = SafeTensorsFile.Open(path);
        var entry = file.FloatEntry(TensorName);
        if (entry.Shape is not [>= 1, var columns] || columns != space.Dimension)
            throw new InputException(path, $"tensor '{TensorName}', shape", entry.ShapeText, $"[K, {space.Dimension}], since {Describe(space)} have {space.Dimension} weights");
        double[] values = file.ReadDoubles(TensorName);
        for (int row = 0; row < entry.Shape[0]; row++)
            RequireNorm(path, row, values.AsSpan(row * space.Dimension, space.Dimension));
        return Directions.Of(values, space.Dimension);
    }

    /// <summary>Writes directions [K, N] in double precision.</summary>
    public static void Write(string path, double[] values, int dimension) =>
        SafeTensorsWriter.Write(path, [new NamedTensor(TensorName, [values.Length / dimension, dimension], values)], new Dictionary<string, string> { [MakerKey] = Maker }, checksum: true);

    /// <summary>Refuses to replace a file that <see cref="Write"/> did not make. Who makes a link means what it leads to.</summary>
    /// <exception cref="InputException">There is one, and it is no link.</exception>
    public static void RequireOwn(string option, string path, bool overwrite)
    {
        if (!overwrite && File.Exists(path) && new FileInfo(path).LinkTarget is null && !IsOwn(path))
            throw new InputException(option, path, "a file that this command did not write", "a new path, or directions that it wrote; --overwrite replaces the file");
    }

    private static bool IsOwn(string path)
    {
        try
        {
            using var file = SafeTensorsFile.Open(path);
            return file.Metadata.GetValueOrDefault(MakerKey) == Maker;
        }
        catch (InputException)
        {
            return false;
        }
    }

    private static void RequireNorm(string path, int row, ReadOnlySpan<double> direction)
    {
        double square = 0;
        foreach (double value in direction)
            square += value * value;
        double norm = Math.Sqrt(square);
        if (!(Math.Abs(norm - 1) <= Directions.NormTolerance))
            throw new InputException(path, $"tensor '{TensorName}', row {row}", $"norm {norm:G6}", $"norm 1 within {Directions.NormTolerance}; divide the row by its norm first");
    }

    private static string Describe(WeightSpace space) =>
        $"layers {string.Join(",", space.Layers.Select(layer => layer + 1))} of {space.Network}{(space.WithBiases ? " with biases" : "")}";
}
