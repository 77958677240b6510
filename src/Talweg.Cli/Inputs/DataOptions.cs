using System.CommandLine;
using Talweg.Cli.Rendering;
using Talweg.Data;
using Talweg.Networks;

namespace Talweg.Cli.Inputs;

/// <summary>Options that say what data to use, and how they become inputs of a network.</summary>
internal sealed class DataOptions
{
    /// <summary>A name of the catalogue.</summary>
    public Option<string> Name { get; } = new("--data") { Description = "Data set: mnist, fashion-mnist, cifar10, stl10, digits (`talweg data list`), folder:PATH[,size=N][,grey] or idx:IMAGES,LABELS[,TESTIMAGES,TESTLABELS]", HelpName = "NAME", Required = true };

    /// <summary>Where to look.</summary>
    public Option<string?> Root { get; } = RootOption();

    /// <summary>How pixels are scaled.</summary>
    public Option<Standardisation> Standardise { get; } = new("--standardise")
    {
        Description = "Scale inputs to mean 0 and variance 1 over the training set, over all pixels or each channel by itself (default: pixels scaled to [0, 1])",
        HelpName = "all|channels",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = Standardisations.Parse,
    };

    public void AddTo(Command command)
    {
        command.Add(Name);
        command.Add(Root);
        command.Add(Standardise);
    }

    /// <summary>The option <c>--data-root</c> alone.</summary>
    public static Option<string?> RootOption() => new("--data-root")
    {
        Description = $"Folder that holds the data (default: {DataRoots.Variable}, else the user's cache, into which they are downloaded)",
        HelpName = "DIR",
    };

    /// <summary>Loads the data set, downloading or drawing it if need be, and says on standard error which files were taken.</summary>
    public Dataset Load(ParseResult parsed, Session session, IProgress<WorkProgress> progress)
    {
        var data = Datasets.Load(parsed.GetRequiredValue(Name), parsed.GetValue(Root), progress, session.Cancellation);
        DataNote.Of(data).Tell(session.Terminal);
        return data;
    }

    /// <summary>The scaling asked for.</summary>
    public PixelScaling Scaling(ParseResult parsed, Dataset data) => parsed.GetValue(Standardise).Scaling(data.Train);

    /// <summary>Name, checksum and scaling, so that a run never goes on with other data.</summary>
    public string Identity(ParseResult parsed, Dataset data, PixelScaling scaling) =>
        $"{data.Name} {data.Checksum}{(parsed.GetValue(Standardise) == Standardisation.None ? "" : $" standardised {scaling}")}";

    /// <summary>Images as samples of <paramref name="network"/>.</summary>
    /// <exception cref="InputException">The network has another number of inputs than an image has pixels, takes images of another shape, or has too few outputs.</exception>
    public static LabelledSamples Samples(ImageSet images, PixelScaling scaling, Network network)
    {
        RequireFit(images, network);
        return LabelledSamples.Of(images, scaling);
    }

    /// <summary>Refuses a network that does not take these images.</summary>
    /// <exception cref="InputException">The network has another number of inputs than an image has pixels, takes images of another shape, or has too few outputs.</exception>
    public static void RequireFit(ImageSet images, Network network)
    {
        if (images.PixelsPerImage != network.Inputs)
            throw new InputException("--network", "inputs", $"{network.Inputs} in {network}", $"{images.PixelsPerImage}, the pixels of an image of {images.Name}");
        var shape = new ImageShape(images.Channels, images.Rows, images.Columns);
        if (network is LayeredNetwork { Input: { Rows: > 1, Columns: > 1 } input } && input != shape)
            throw new InputException("--network", "inputs", $"images of {input} in {network}", $"images of {shape}, as {images.Name} has");
        if (images.Classes > network.Outputs)
            throw new InputException("--network", "outputs", $"{network.Outputs} in {network}", $"at least {images.Classes}, the classes of {images.Name}");
    }
}
