namespace Talweg.Cli.Tests.Commands;

/// <summary>Documented commands run, at sizes that take a second or two, but for those with a reason not to.</summary>
public sealed class DocumentedRunsTests(DocumentedWorld world) : IClassFixture<DocumentedWorld>
{
    /// <summary>Beginnings or parts of lines that are not run, each with the reason.</summary>
    private static readonly (string Part, string Reason)[] NotRun =
    [
        ("talweg run ", "a study takes minutes: .ci/run runs README's first command, and every study's tests run it small"),
        ("torchscript:model.pt", "a model of the reader's own; AnyNetworkTests measure TorchScript files"),
        ("foreign.safetensors", "weights of the reader's own, whose names contradict their order; ForeignWeightsTests measure such files"),
    ];

    public static TheoryData<string, string> Lines
    {
        get
        {
            var lines = new TheoryData<string, string>();
            foreach (var (file, line) in DocumentedCommandsTests.Lines.Select(row => row.Data).Where(row => !NotRun.Any(not => row.Item2.Contains(not.Part, StringComparison.Ordinal)) || row.Item2.EndsWith("--help", StringComparison.Ordinal)))
                lines.Add(file, line);
            return lines;
        }
    }

    [Theory, MemberData(nameof(Lines))]
    public void A_documented_command_does_what_it_says(string file, string line) => Assert.True(world.Run(line).AssertSuccess().Length > 0, file);

    [Fact]
    public void Most_are_run_and_every_reason_is_needed()
    {
        string[] all = [.. DocumentedCommandsTests.Lines.Select(row => row.Data.Item2)];
        Assert.All(NotRun, not => Assert.Contains(all, line => line.Contains(not.Part, StringComparison.Ordinal)));
        Assert.True(2 * Lines.Count > all.Length, $"{Lines.Count} of {all.Length}");
    }
}
