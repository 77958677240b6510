namespace Talweg.Mutate;

/// <summary>A copy of the repository to be changed and built, so that the repository itself stays as it is.</summary>
/// <param name="Root">The copy's folder.</param>
internal sealed record Copy(string Root)
{
    /// <summary>Copies what git knows or would add, and adds to every test project the recording of coverage.</summary>
    public static Copy Of(string repository, string root)
    {
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
        foreach (string file in Git(repository, "ls-files", "--cached", "--others", "--exclude-standard"))
        {
            if (file.StartsWith("tests/mutate/", StringComparison.Ordinal) || !File.Exists(Path.Combine(repository, file)))
                continue;
            string target = Path.Combine(root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(repository, file), target);
        }

        string instruments = Path.Combine(AppContext.BaseDirectory, "Instrumentation");
        File.Copy(Path.Combine(instruments, "ActiveMutant.cs"), Path.Combine(root, "src", "Talweg", "ActiveMutant.cs"));
        File.Copy(Path.Combine(instruments, "RecordCoverage.cs"), Path.Combine(root, "tests", "Conventions", "RecordCoverage.cs"));
        return new(root);
    }

    /// <summary>The folder of a built test program.</summary>
    public string Built(string tests) => Path.Combine(Root, "tests", tests, "bin", "Release", "net10.0");

    /// <summary>Builds the test projects, and what they test, without analyzers.</summary>
    /// <exception cref="InvalidOperationException">The build fails.</exception>
    public void Build(IEnumerable<string> tests)
    {
        foreach (string project in tests)
        {
            var (code, text) = Processes.Run("dotnet", ["build", "-c", "Release", "--nologo", "-v", "quiet", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false", "-p:GenerateDocumentationFile=false", "-p:NoWarn=all", Path.Combine(Root, "tests", project)], Root, TimeSpan.FromMinutes(30));
            if (code != 0)
                throw new InvalidOperationException($"{project} of the copy was not built:\n{text}");
        }
    }

    private static string[] Git(string repository, params string[] arguments) =>
        Processes.Run("git", ["-C", repository, "-c", "core.quotePath=off", .. arguments], repository, TimeSpan.FromMinutes(1)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
