using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Talweg.Trajectories;

namespace Talweg.Benchmarks.MainJob;

/// <summary>scikit-learn's full PCA in double precision, in a child process that holds the data and fits when told to.</summary>
internal sealed class ScikitLearnPca : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly Process _process;

    /// <param name="window">Handed over as a raw file.</param>
    /// <param name="folder">Where that file goes.</param>
    /// <param name="variances">How many of the largest variances to ask for.</param>
    public ScikitLearnPca(Window window, string folder, int variances)
    {
        string path = Path.Combine(folder, "window.f32");
        using (var file = File.Create(path))
            file.Write(MemoryMarshal.AsBytes<float>(window.Weights));
        _process = Start("-c", Script(), path, $"{window.Iterations}", $"{window.Dimension}", $"{variances}");
        Version = Answer();
    }

    /// <summary>scikit-learn's version and the BLAS below it.</summary>
    public string Version { get; }

    /// <summary>Why there is no scikit-learn to compare with; null if there is.</summary>
    /// <remarks>On the plain BLAS that Debian falls back to, a fit takes many times as long, and the ratio would flatter.</remarks>
    public static string? Missing()
    {
        const string remedy = "apt-get install python3-sklearn libopenblas0-pthread";
        if (!File.Exists(Python))
            return $"there is no {Python}; {remedy}";
        using var process = Start("-c", "import sklearn, numpy, threadpoolctl; print(any(pool['user_api'] == 'blas' for pool in threadpoolctl.threadpool_info()))");
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode != 0 ? $"{Python} has no scikit-learn; {remedy}"
            : answer.Trim() != "True" ? $"{Python} has no optimised BLAS; {remedy}"
            : null;
    }

    /// <summary>One fit: seconds as Python counts them, and the largest sample variances, 1/(T − 1).</summary>
    public (double Seconds, double[] Variances) Fit()
    {
        _process.StandardInput.WriteLine("fit");
        _process.StandardInput.Flush();
        using var answer = JsonDocument.Parse(Answer());
        return (answer.RootElement.GetProperty("seconds").GetDouble(), [.. answer.RootElement.GetProperty("variances").EnumerateArray().Select(x => x.GetDouble())]);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string Answer() => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Python} ended: {_process.StandardError.ReadToEnd()}");

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        start.Environment["OMP_NUM_THREADS"] = "1";
        return Process.Start(start)!;
    }

    private static string Script()
    {
        using var reader = new StreamReader(typeof(ScikitLearnPca).Assembly.GetManifestResourceStream("scikit_learn_pca.py")!);
        return reader.ReadToEnd();
    }
}
