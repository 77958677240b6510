using Talweg.Cli.Tests;
using Talweg.Studies.EffectiveDimensions;
using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Studies.Running;

namespace Talweg.Reliability.Tests;

/// <summary>Finished runs of two studies over a data set of 300 images of 4 × 4, made once.</summary>
internal static class SmallRun
{
    /// <summary>What makes the studies small, as options of <c>talweg run</c>.</summary>
    public static IReadOnlyList<string> VarianceFlatness { get; } = [
        "data=mnist", "network=fc:16-6-5-10", "batch-sizes=20", "max-epochs=7", "window-epochs=2", "modes=20", "null-modes=10", "margin-samples=20",
    ];

    public static IReadOnlyList<string> Dimensions { get; } = [
        "data=mnist", "widths=4,5", "samples=300", "batch-size=20", "max-epochs=5", "window-epochs=2", "all-modes=4", "sampled-modes=4",
    ];

    private static readonly Lazy<IReadOnlyDictionary<string, byte[]>> Files = new(() => Run(new InverseVarianceFlatnessStudy(), VarianceFlatness));

    private static readonly Lazy<IReadOnlyDictionary<string, byte[]>> DimensionFiles = new(() => Run(new EffectiveDimensionStudy(), Dimensions));

    /// <summary>The files of a run of inverse-variance-flatness, by their paths in its folder.</summary>
    public static IReadOnlyDictionary<string, byte[]> OfVarianceFlatness => Files.Value;

    /// <summary>Those of a run of effective-dimension.</summary>
    public static IReadOnlyDictionary<string, byte[]> OfDimensions => DimensionFiles.Value;

    /// <summary>The one file of this name, or the first of them.</summary>
    public static byte[] File(string name) => OfVarianceFlatness.First(file => Path.GetFileName(file.Key) == name).Value;

    /// <summary>Puts the files of a run into a folder.</summary>
    public static void Put(IReadOnlyDictionary<string, byte[]> files, string folder)
    {
        foreach (var (name, bytes) in files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            System.IO.File.WriteAllBytes(path, bytes);
        }
    }

    private static Dictionary<string, byte[]> Run(IStudy study, IReadOnlyList<string> settings)
    {
        using var world = new SmallWorld();
        var request = new RunRequest { Preset = "quick", Output = world["run"], Overrides = settings, DataRoot = world["."], Cores = 2 };
        new StudyRunner(study).RunAsync(request).GetAwaiter().GetResult();
        return Directory.GetFiles(world["run"], "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(world["run"], path), System.IO.File.ReadAllBytes);
    }
}
