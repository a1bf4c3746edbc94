/// The base URLs of each data set's mirrors, in the order in which they are tried.
enum Mirrors {
  static let full = [
    "https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/", "http://yann.lecun.com/exdb/mnist/",
  ]
  static let fashion = [
    "https://fashion-mnist.s3.eu-central-1.amazonaws.com/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
  ]
  static let kmnist = [
    "https://codh.rois.ac.jp/kmnist/dataset/kmnist/", "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
  ]
  static let qmnist = ["https://raw.githubusercontent.com/facebookresearch/qmnist/master/"]
  static let emnist = ["https://biometrics.nist.gov/cs_links/EMNIST/"]
}
