using System.CommandLine;
using Talweg.Cli.Commands;
using Talweg.Cli.Inputs;
using Talweg.Studies;

namespace Talweg.Cli.Tests.Inputs;

/// <summary>Every option and argument of every command, whoever adds one.</summary>
public sealed class GivenTextsTests
{
    /// <summary>Words of a command, what takes a text in it, its name in messages, and its placeholder.</summary>
    private static IEnumerable<(string[] Words, string[] Given, string Name, string Placeholder)> Texts(System.CommandLine.Command command, params string[] words)
    {
        foreach (var option in command.Options.Where(option => GivenTexts.IsText(option.ValueType)))
            yield return (words, [option.Name], option.Name, option.HelpName ?? "");
        if (command.Arguments is [var argument] && GivenTexts.IsText(argument.ValueType))
            yield return (words, [], argument.Name, argument.Name);
        foreach (var below in command.Subcommands.SelectMany(subcommand => Texts(subcommand, [.. words, subcommand.Name])))
            yield return below;
    }

    private static List<(string[] Words, string[] Given, string Name, string Placeholder)> All =>
        [.. Texts(TalwegCommand.Of(new([], Terminal.Into(TextWriter.Null, TextWriter.Null), () => StudyCatalogue.Standard, default)))];

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void No_option_and_no_argument_takes_an_empty_text(string empty)
    {
        Assert.True(All.Count > 40, $"{All.Count} options and arguments");
        foreach (var (words, given, name, _) in All)
            Command.Run([.. words, .. given, empty]).AssertMistake($"{name}: found '{empty}', expected ");
    }

    [Fact]
    public void Numbers_and_choices_name_their_option_too()
    {
        foreach (var (words, option) in Others(TalwegCommand.Of(new([], Terminal.Into(TextWriter.Null, TextWriter.Null), () => StudyCatalogue.Standard, default))))
            Command.Run([.. words, option, ""]).AssertMistake(option);
    }

    [Fact]
    public void Every_path_is_marked_as_one()
    {
        string[] files = [.. All.Where(text => text.Placeholder == GivenTexts.File).Select(text => text.Name).Distinct().Order(StringComparer.Ordinal)];
        string[] folders = [.. All.Where(text => text.Placeholder == GivenTexts.Folder).Select(text => text.Name).Distinct().Order(StringComparer.Ordinal)];
        Assert.Superset(new HashSet<string> { "--directions", "--save-directions", "--trajectory", "--weights" }, files.ToHashSet());
        Assert.Superset(new HashSet<string> { "--data-root", "--out", "DIR" }, folders.ToHashSet());
    }

    [Fact]
    public void A_folder_is_no_file_and_a_file_no_folder()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        foreach (var (words, given, name, _) in All.Where(text => text.Placeholder == GivenTexts.File))
            Command.Run([.. words, .. given, folder.Path]).AssertMistake($"{name}: found the folder '{folder.Path}', expected the path of a file");
        foreach (var (words, given, name, _) in All.Where(text => text.Placeholder == GivenTexts.Folder))
            Command.Run([.. words, .. given, folder["file"]]).AssertMistake($"{name}: found the file '{folder["file"]}', expected the path of a folder");
    }

    [Theory]
    [InlineData("torchscript:", "--network: file: found nothing behind torchscript:, expected torchscript:FILE")]
    [InlineData("torchscript:.", "--network: file: found the folder '.', expected torchscript:FILE")]
    public void A_model_is_a_file(string network, string message)
    {
        using var world = new SmallWorld();
        string[] train = [.. world.Train("--trust-model")];
        train[Array.IndexOf(train, "--network") + 1] = network;
        Command.Run(train).AssertMistake(message);
    }

    private static IEnumerable<(string[] Words, string Option)> Others(System.CommandLine.Command command, params string[] words) =>
        command.Options.Where(option => !GivenTexts.IsText(option.ValueType) && option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool) && option is not (System.CommandLine.Help.HelpOption or VersionOption)).Select(option => (words, option.Name))
            .Concat(command.Subcommands.SelectMany(subcommand => Others(subcommand, [.. words, subcommand.Name])));
}
