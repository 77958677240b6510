namespace Talweg.Cli.Tests.Commands;

public sealed class CommandLineTests
{
    [Fact]
    public void Nothing_typed_is_a_call_for_help() => Assert.Contains("Usage:", Command.Run().AssertSuccess(), StringComparison.Ordinal);

    [Theory]
    [InlineData("run")]
    [InlineData("list")]
    [InlineData("show")]
    [InlineData("report")]
    [InlineData("train")]
    [InlineData("measure")]
    [InlineData("data")]
    [InlineData("doctor")]
    public void Every_command_has_help(string command)
    {
        string help = Command.Run(command, "--help").AssertSuccess();
        Assert.Contains($"talweg {command}", help, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_that_of_talweg() => Assert.StartsWith("0.", Command.Run("--version").AssertSuccess(), StringComparison.Ordinal);

    [Fact]
    public void A_misspelt_command_or_option_gets_a_suggestion()
    {
        Command.Run("trian").AssertMistake("Unrecognized command or argument 'trian'. Did you mean train?");
        Command.Run("doctor", "--jsno").AssertMistake("Did you mean --json?");
        Assert.Contains("See `talweg doctor --help`.", Command.Run("doctor", "--jsno").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_option_is_named() => Command.Run("measure", "modes").AssertMistake("Option '--trajectory' is required.");

    [Fact]
    public void Arguments_are_quoted_where_a_shell_would_change_them()
    {
        Assert.Equal("fc:784-50,bias", ShellText.Quote("fc:784-50,bias"));
        Assert.Equal("'a b'", ShellText.Quote("a b"));
        Assert.Equal("'it'\\''s'", ShellText.Quote("it's"));
        Assert.Equal("''", ShellText.Quote(""));
        Assert.Equal(@"$'a\U0000001B[2J\U0000202E\'\\b'", ShellText.Quote("a\u001b[2J\u202e'\\b"));
        Assert.Equal("talweg run '$(rm -rf ~)'", ShellText.Join(["talweg", "run", "$(rm -rf ~)"]));
    }
}
