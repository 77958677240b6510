using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Talweg.Tests.Docs;

/// <summary>Compiles an example as the statements of a program, with nullable references and all warnings on.</summary>
internal static class ExampleCompiler
{
    /// <summary>The directives that the SDK gives every project.</summary>
    private static readonly string[] Implicit =
        ["using System;", "using System.Collections.Generic;", "using System.IO;", "using System.Linq;", "using System.Net.Http;", "using System.Threading;", "using System.Threading.Tasks;"];

    /// <summary>What pages speak of before they show code: the reader's own samples, model and paths, and what earlier examples made.</summary>
    private const string Given = """
        internal static class Given
        {
            public static string folder = "", path = "";
            public static Talweg.Data.LabelledSamples train = null!, test = null!, samples = null!, oldSamples = null!;
            public static double[] vectors = [];
            public static float[] row = [];
            public static Talweg.Networks.FullyConnected network = null!;
            public static Talweg.Networks.DenseWeights weights = null!;
            public static Talweg.Networks.WeightSpace space = null!;
            public static Talweg.Landscapes.Landscape landscape = null!;
            public static Talweg.Landscapes.Directions directions = null!;
            public static Talweg.Noise.MinibatchSets sets = null!;
            public static Talweg.Trajectories.Window window = null!;
            public static Talweg.Trajectories.PrincipalModes modes = null!;
            public static Talweg.Data.Dataset pictures = null!;
            public static Talweg.Data.PixelScaling scaling = null!;
            public static (double[] Flatness, double[] Variance)[] seeds = [];
            public static TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> model = null!;
            public static TorchSharp.torch.optim.Optimizer optimizer = null!;
            public static TorchSharp.Modules.CrossEntropyLoss loss = null!;
            public static (TorchSharp.torch.Tensor, TorchSharp.torch.Tensor)[] oldTask = [], newTask = [];
            public static List<string> output = [];
        }
        """;

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(path => path.EndsWith(".dll", StringComparison.Ordinal)).Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>Errors and warnings, by line of the example; none is as it should be.</summary>
    public static IReadOnlyList<string> Complaints(Example example) =>
        [.. Compilation(example).GetDiagnostics().Where(found => found.Severity >= DiagnosticSeverity.Warning).Select(found => $"{found.GetMessage()} ({found.Id}): {Line(found)}")];

    /// <summary>A program of an example, whose page's other directives and types it may use.</summary>
    public static CSharpCompilation Compilation(Example example)
    {
        var page = Example.All.Where(other => other.Page == example.Page).ToArray();
        bool declaresType = IsType(example);
        string source = string.Join('\n', [
            .. Implicit.Concat(page.SelectMany(other => other.Usings)).Distinct(), "using static Given;", declaresType ? "" : example.Statements,
            .. page.Where(IsType).Select(other => other.Statements), Given]);
        var tree = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Latest));
        return CSharpCompilation.Create(
            $"{example.Page}-{example.Number}", [tree], References,
            new CSharpCompilationOptions(declaresType ? OutputKind.DynamicallyLinkedLibrary : OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9999));
    }

    private static bool IsType(Example example) => example.Statements.Contains("class ", StringComparison.Ordinal);

    private static string Line(Diagnostic found) => found.Location.SourceTree?.GetText().Lines[found.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim() ?? "";
}
