using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Talweg.Cli.Host;
using Talweg.Data;
using Talweg.Native;
using Talweg.Studies.Running;
using TorchSharp;

namespace Talweg.Cli.Diagnosis;

/// <summary>Looks at all that Talweg stands on.</summary>
internal static class Examination
{
    /// <summary>Every check, in the order of the floor upwards. None throws.</summary>
    public static IReadOnlyList<Symptom> Run(string? dataRoot) =>
    [
        Look("Talweg", () => new("", Health.Works, Versions.Here.Talweg)),
        Look(".NET", () => new("", Health.Works, $"{RuntimeInformation.FrameworkDescription}, {(Environment.Is64BitProcess ? 64 : 32)} bit")),
        Look("system", () => new("", Health.Works, Versions.Here.System)),
        Look("processor", () => new("", Health.Works, $"{Versions.Here.Processor}, vectors of {VectorBits()} bits")),
        Look("memory", Memory),
        Look("open files", OpenFiles),
        Look("temporary files", Temporary),
        Look("TorchSharp", () => new("", Health.Works, Versions.Here.TorchSharp)),
        Look("libtorch", LibTorch),
        Look("libtorch computes", Matmul),
        Look("GPU", Gpu),
        Look("figures", Figure),
        .. Data(dataRoot),
    ];

    private static Symptom Look(string name, Func<Symptom> check)
    {
        try
        {
            return check() with { Name = name };
        }
#pragma warning disable CA1031 // A check that throws is what the doctor is there to report.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return new(name, Health.Broken, failure.GetBaseException().Message.ReplaceLineEndings("\n").Split('\n')[0]);
        }
    }

    private static int VectorBits() => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    private static Symptom Memory() =>
        new("", Health.Works, string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0.0} GB for this process"));

    private static Symptom OpenFiles() =>
        new("", Health.Works, FileHandles.Allowed is { } allowed ? $"{Math.Min(allowed, long.MaxValue)} at most; {FileHandles.Needed} are needed" : "no limit that is known");

    private static Symptom Temporary() => TemporaryFiles.Problem() is { } problem
        ? new("", Health.Broken, $"{TemporaryFiles.Folder}, {problem}")
        : new("", Health.Works, TemporaryFiles.Folder);

    private static Symptom LibTorch()
    {
        TorchRuntime.Load();
        string version = torch.__version__;
        return TorchRuntime.Remark is { } remark
            ? new("", Health.Remark, $"{version}, loaded by a remedy: {remark}")
            : new("", Health.Works, $"{version}, loaded as installed");
    }

    private static Symptom Matmul()
    {
        TorchRuntime.Load();                                   // else TorchSharp would look for it in its own ways
        using var scope = torch.NewDisposeScope();
        using var half = 0.5f.ToScalar();
        float sum = torch.ones(8, 16).matmul(torch.full(16, 4, half)).sum().item<float>();
        return sum == 256 ? new("", Health.Works, "a product of two matrices came out right") : new("", Health.Broken, $"a product of two matrices gave {sum}, not 256");
    }

    private static Symptom Gpu()
    {
        TorchRuntime.Load();
        bool cuda = torch.cuda.is_available();
        return new("", Health.Works, cuda ? "CUDA is available; Talweg computes on the processor all the same" : "no CUDA; Talweg computes on the processor");
    }

    private static Symptom Figure()
    {
        using var plot = new ScottPlot.Plot();
        plot.Add.Scatter(new double[] { 1, 2, 3 }, [1, 4, 9]);
        plot.Title("σ² ~ F⁻⁴");
        byte[] png = plot.GetImageBytes(160, 120, ScottPlot.ImageFormat.Png);
        string svg = plot.GetSvgXml(160, 120);
        bool drawn = png.Length > 500 && svg.Contains("<svg", StringComparison.Ordinal);
        return drawn ? new("", Health.Works, "a small one was drawn as PNG and SVG") : new("", Health.Broken, $"a small one came out as {png.Length} bytes of PNG and {svg.Length} of SVG");
    }

    private static IEnumerable<Symptom> Data(string? root)
    {
        IReadOnlyList<DatasetStatus> found;
        try
        {
            found = Datasets.InspectAll(root);
        }
        catch (InputException mistake)
        {
            return [new("data", Health.Broken, mistake.Message)];
        }

        return found.Select(status => new Symptom($"data {status.Name}", status.Presence == DatasetPresence.Present ? Health.Works : Health.Remark, status.Presence switch
        {
            DatasetPresence.Present => status.Remark is { } remark ? $"{status.Folder} ({remark})" : status.Folder!,
            DatasetPresence.ToDraw => "drawn at first use",
            DatasetPresence.Missing => status.Remark!,
            _ => $"not here; `talweg data get {status.Name}` downloads it",
        }));
    }
}
