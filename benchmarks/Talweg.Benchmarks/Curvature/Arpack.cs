using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Talweg.Benchmarks.Curvature;

/// <summary>What scipy's eigsh found, and with how many products.</summary>
/// <param name="Version">scipy's version.</param>
/// <param name="Products">Products that ARPACK asked for.</param>
/// <param name="Values">Eigenvalues, descending.</param>
/// <param name="Residual">The largest ‖Av − λv‖.</param>
internal sealed record Arpack(string Version, int Products, double[] Values, double Residual)
{
    private static readonly string[] Interpreters = ["python3", "/usr/bin/python3"];

    private static readonly Lazy<string?> Interpreter = new(() => Interpreters.FirstOrDefault(HasScipy));

    /// <summary>Why there is no scipy to compare with; null if there is.</summary>
    public static string? Missing() => Interpreter.Value is null ? $"neither {string.Join(" nor ", Interpreters)} has scipy; apt-get install python3-scipy" : null;

    /// <summary>The largest eigenvalues of a matrix in a file of row-major float64.</summary>
    public static Arpack Run(string path, int dimension, int count, double tolerance)
    {
        using var process = Start(Interpreter.Value!, "-c", Script(), path, $"{dimension}", $"{count}", tolerance.ToString("R", CultureInfo.InvariantCulture));
        string answer = process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Interpreter.Value} ended with {process.ExitCode}: {errors}");
        using var document = JsonDocument.Parse(answer);
        var root = document.RootElement;
        return new(root.GetProperty("version").GetString()!, root.GetProperty("products").GetInt32(),
            [.. root.GetProperty("values").EnumerateArray().Select(x => x.GetDouble())], root.GetProperty("residual").GetDouble());
    }

    private static bool HasScipy(string interpreter)
    {
        try
        {
            using var process = Start(interpreter, "-c", "import scipy.sparse.linalg");
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;   // there is no such program
        }
    }

    private static Process Start(string interpreter, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(interpreter, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static string Script()
    {
        using var reader = new StreamReader(typeof(Arpack).Assembly.GetManifestResourceStream("arpack_products.py")!);
        return reader.ReadToEnd();
    }
}
